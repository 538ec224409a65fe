// With JavaScript the confirmation does what was asked for, once it leads back.
import { createPerson, enterByTrust, halves } from '../support/halves';
import {
  allowedSwitch,
  button,
  configurationPath,
  enterCode,
  expectCodeScreen,
  expectFilledIn,
  field,
  fillIn,
  heading,
  lastCode,
  notice,
  openNewSmtpForm,
  row,
  settingRow,
  twoFactorAuthPath,
} from '../support/people';
import { expect, test } from '../support/test';
import type { Page } from '@playwright/test';

test.use({ demoArgs: ['demo', '--ready'], demoPer: 'test' });
test.beforeEach(({ pageProblems }) => pageProblems.allow(/status of 403/));

async function confirm(page: Page, password: string): Promise<void> {
  await expect(heading(page, 'Confirm that it is you')).toBeVisible();
  await fillIn(page, { Password: password });
  await button(page, 'Confirm').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
}

for (const half of halves) {
  test(`${half.audience}: Delete removes the entry after the confirmation`, async ({ page, demo }) => {
    const person = await createPerson(demo, half, 'delete');
    await enterByTrust(page, half, person);
    await page.goto(half.entries);
    await button(row(page, '@people.example'), 'Delete').click();
    await confirm(page, person.password);
    await expect(heading(page, 'Delete your last sign-in method?')).toBeVisible();
    await button(page, 'Delete').click();
    await expect(notice(page, 'Deleted.')).toBeVisible();
    await expect(row(page, '@people.example')).toHaveCount(0);
  });
}

test('a switch is turned over after the confirmation', async ({ page, demo }) => {
  const [, admins] = halves;
  const person = await createPerson(demo, admins, 'switch');
  await enterByTrust(page, admins, person);
  await page.goto(twoFactorAuthPath('Customer Authentication'));
  const toggle = allowedSwitch(page, 'Customer Authentication');
  await expect(toggle).toHaveText('Active');
  await toggle.click();
  await confirm(page, person.password);
  await button(page, 'Turn Off').click();
  await expect(toggle).toHaveText('Inactive');
  await page.goto(twoFactorAuthPath('Admin Authentication'));
  await expect(allowedSwitch(page, 'Admin Authentication')).toHaveText('Active');
});

test('all changed settings are saved after the confirmation', async ({ page, demo }) => {
  const [, admins] = halves;
  const person = await createPerson(demo, admins, 'settings');
  await enterByTrust(page, admins, person);
  await page.goto(configurationPath);
  await field(page, 'Idle Timeout').fill('45');
  await page.getByRole('switch', { name: 'Customer Self-Registration' }).click();
  await button(page, 'Save all').click();
  await confirm(page, person.password);
  for (const title of ['Idle Timeout', 'Customer Self-Registration']) {
    await expect(settingRow(page, title).getByRole('status')).toContainText('Saved.');
  }
  await expect(field(page, 'Idle Timeout')).toHaveValue('45');
});

test('a form comes back with everything but its secret', async ({ page, demo }) => {
  const [, admins] = halves;
  const person = await createPerson(demo, admins, 'form');
  await enterByTrust(page, admins, person);
  await openNewSmtpForm(page);
  const values = { Title: 'Another', Host: 'mail.example.org', Port: '2525', 'User name': 'relay' };
  await fillIn(page, { ...values, Password: 's3cret' });
  await button(page, 'Save').click();
  await confirm(page, person.password);
  await expect(heading(page, 'New service provider: SMTP')).toBeVisible();
  await expectFilledIn(page, { ...values, Password: '' });
  await fillIn(page, { Password: 's3cret' });
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
});
