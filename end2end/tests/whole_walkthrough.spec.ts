// The whole walkthrough of the design, steps 1 to 16, word for word, from an empty database and with a mail server of
// one's own.
import type { Page } from '@playwright/test';
import {
  allowedSwitch,
  button,
  codeSentTo,
  createAccount,
  deleteLastEntry,
  enterPassword,
  expectCodeScreen,
  field,
  fillIn,
  fillInMailServer,
  heading,
  link,
  logOut,
  notice,
  type Person,
  row,
} from '../support/people';
import type { MailServer } from '../support/smtp';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['serve'], demoPer: 'test' });
test.describe.configure({ timeout: 180_000 });

const ada: Person = { email: 'ada@people.example', password: 'saddle-quarry-ember-lake' };
const grace: Person = { email: 'grace@people.example', password: 'granite-ribbon-thistle' };
const carla: Person = { email: 'carla@people.example', password: 'copper-meadow-violin' };
const requirement = 'Require Secondary Authentication (2FA) for Admin Users';

test('steps 1 to 16', async ({ page, demo, mailServer, otherBrowser, javaScriptEnabled, pageProblems }) => {
  pageProblems.allow(/status of 403 .*\/api\/configuration\/save/);
  const customer = await otherBrowser();
  const code = (where: Page, person: Person) => codeSentTo(mailServer, person.email, where);

  const [, path = ''] = await demo.waitForOutput(/(\/setup\/\S+)/);
  await page.goto(path);
  await fillIn(page, { Name: 'Ada', Email: ada.email, Password: ada.password });
  await button(page, 'Create administrator').click();
  await expect(notice(page, 'Administrator created.')).toBeVisible();
  await enterPassword(page, ada, '/admin/login');
  await expect(heading(page, 'Dashboard')).toBeVisible();
  await createAccount(demo, 'customer', carla);
  await createAccount(demo, 'admin', grace);

  await test.step('1. Configuration', async () => {
    await openConfiguration(page);
    await findSettings(page, '2fa');
    await expect(button(page, 'Save')).toHaveCount(2);
    await expect(page.getByRole('switch', { name: requirement })).toHaveText('OFF');
    await field(page, 'Trusted Device Expiration (2FA)').fill('14');
    await button(row(page, 'Trusted Device Expiration (2FA)'), 'Save').click();
    await expect(notice(page, 'Saved.')).toBeVisible();
  });

  await setUpMail(page, mailServer);
  await useAsCustomer(customer, carla, code);

  await test.step('13. an administrator enrolls on the own page under Users', async () => {
    await link(page, 'Users').click();
    await link(row(page, ada.email), 'Edit').click();
    await field(page, 'Email address').fill(ada.email);
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await field(page, 'Verification Code').fill(await code(page, ada));
    await button(page, 'Verify').click();
    await expect(row(page, 'a•••@people.example')).toContainText('Email');
  });

  await test.step('14. signs in with a code, and trusts the device', async () => {
    await logOut(page);
    await enterPassword(page, ada, '/admin/login');
    await expectCodeScreen(page);
    await page.getByRole('checkbox', { name: 'Trust this device' }).check();
    await field(page, 'Verification Code').fill(await code(page, ada));
    await button(page, 'Verify').click();
    await expect(heading(page, 'Dashboard')).toBeVisible();
    await logOut(page);
    await enterPassword(page, ada, '/admin/login');
    await expect(heading(page, 'Dashboard')).toBeVisible();
  });

  await test.step('15. My Profile leads to User Security', async () => {
    await link(page, 'My Profile').click();
    await expect(heading(page, 'User Security')).toBeVisible();
    await expect(page).toHaveURL(/\/admin\/profile\/security$/);
    await expect(page.getByRole('heading', { name: 'Trusted devices' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Sessions' })).toBeVisible();
  });

  await test.step('16. with the requirement ON, an administrator without an entry reaches only enrollment', async () => {
    await openConfiguration(page);
    const toggle = page.getByRole('switch', { name: requirement });
    await toggle.click();
    await expect(toggle).toHaveText('ON');
    await button(row(page, requirement), 'Save').click();
    // A trusted device is not enough for this.
    await expect(heading(page, 'Confirm that it is you')).toBeVisible();
    await fillIn(page, { Password: ada.password });
    await button(page, 'Confirm').click();
    await expectCodeScreen(page);
    await field(page, 'Verification Code').fill(await code(page, ada));
    await button(page, 'Verify').click();
    if (javaScriptEnabled === false) {
      // What was switched is still there; it is saved by hand.
      await expect(toggle).toHaveText('ON');
      await button(row(page, requirement), 'Save').click();
    }
    await expect(notice(page, 'Saved.')).toBeVisible();
    await expect(toggle).toHaveText('ON');

    const other = await otherBrowser();
    await enterPassword(other, grace, '/admin/login');
    await expect(heading(other, 'User Security')).toBeVisible();
    await other.goto('/admin/settings/setup/services-manager');
    await expect(heading(other, 'User Security')).toBeVisible();
    await button(other, 'Send Code').click();
    await expectCodeScreen(other);
    await field(other, 'Verification Code').fill(await code(other, grace));
    await button(other, 'Verify').click();
    await expect(notice(other, 'Two-factor authentication is set up.')).toBeVisible();
    await other.goto('/admin/settings/setup/services-manager');
    await expect(heading(other, 'Services Manager')).toBeVisible();
    await logOut(other);
  });
});

async function openConfiguration(page: Page) {
  const console = page.getByRole('navigation', { name: 'Console' });
  await link(console, 'Settings').click();
  await link(console, 'Setup').click();
  await link(console, 'Configuration').click();
  await expect(heading(page, 'Configuration')).toBeVisible();
}

/** With JavaScript the list follows the typing; without it Search asks for it. */
async function findSettings(page: Page, text: string) {
  await page.getByRole('searchbox', { name: 'Search' }).fill(text);
  await page.getByRole('searchbox', { name: 'Search' }).press('Enter');
}

/** Steps 2 to 5. */
async function setUpMail(page: Page, mailServer: MailServer) {
  await test.step('2 to 5. a service, a secondary authentication, and both switches', async () => {
    await link(page, 'Services Manager').click();
    await link(page, 'Services').click();
    await link(page, 'Add New').click();
    await link(page, 'Configio Service Provider').click();
    await link(page, 'SMTP').click();
    await fillInMailServer(page, mailServer);
    await button(page, 'Save').click();
    await expect(row(page, 'SMTP').first()).toContainText('Active');
    await link(page.getByRole('navigation', { name: 'Console' }), 'Services Manager').click();
    await link(page, 'Secondary Auth').click();
    await link(page, 'Add New').click();
    await field(page, 'Service provider').selectOption({ label: 'SMTP' });
    await field(page, 'Title').fill('Email');
    await button(page, 'Save').click();
    await expect(row(page, 'Email')).toContainText('SMTP');
    for (const section of ['Admin Authentication', 'Customer Authentication'] as const) {
      await link(page.getByRole('navigation', { name: 'Console' }), 'Services Manager').click();
      await link(page.getByRole('region', { name: section }), 'Two Factor Auth').click();
      const toggle = allowedSwitch(page, section);
      await expect(toggle).toHaveText('Inactive');
      await toggle.click();
      await expect(toggle).toHaveText('Active');
    }
  });
}

/** Steps 6 to 12. */
async function useAsCustomer(page: Page, person: Person, code: (page: Page, person: Person) => Promise<string>) {
  await test.step('6 to 9. a customer sets up an entry', async () => {
    await enterPassword(page, person);
    await link(page, 'Two-Factor Authentication').click();
    await field(page, 'Email address').fill(person.email);
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await field(page, 'Verification Code').fill(await code(page, person));
    await button(page, 'Verify').click();
    await expect(row(page, 'c•••a@people.example')).toContainText('Email');
  });

  await test.step('10 and 11. signs in with a code, and trusts the device', async () => {
    await logOut(page);
    await enterPassword(page, person);
    await expectCodeScreen(page);
    await page.getByRole('checkbox', { name: 'Trust this device' }).check();
    await field(page, 'Verification Code').fill(await code(page, person));
    await button(page, 'Verify').click();
    await expect(heading(page, 'Account Settings')).toBeVisible();
    await logOut(page);
    await enterPassword(page, person);
    await expect(heading(page, 'Account Settings')).toBeVisible();
    await page.context().clearCookies();
    await enterPassword(page, person);
    await expectCodeScreen(page);
    await field(page, 'Verification Code').fill(await code(page, person));
    await button(page, 'Verify').click();
  });

  await test.step('12. deletes the entry', async () => {
    await link(page, 'Two-Factor Authentication').click();
    await deleteLastEntry(page, row(page, 'c•••a@people.example'));
    await expect(row(page, 'c•••a@people.example')).toHaveCount(0);
    await logOut(page);
  });
}
