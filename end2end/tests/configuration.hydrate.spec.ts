// What only hydration can do: the list follows what is typed, and changes are saved together.
import { ada, button, configurationPath, field, fillIn, heading, link, settingRow, signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });

test('the search filters as one types, and nothing that was typed elsewhere gets lost', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  const saves = page.getByRole('button', { name: 'Save', exact: true });
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.pressSequentially('2fa');
  await expect(saves).toHaveCount(2);
  await field(page, 'Trusted Device Expiration (2FA)').fill('12');
  await search.fill('');
  await expect(saves).toHaveCount(21);
  await expect(field(page, 'Trusted Device Expiration (2FA)')).toHaveValue('12');
  await expect(field(page, 'Trusted Devices per Account')).toHaveValue('20');

  // Saving another row leaves it alone as well, and stays on the page.
  const idle = settingRow(page, 'Idle Timeout');
  await field(page, 'Idle Timeout').fill('30');
  await button(idle, 'Save').click();
  await expect(idle.getByRole('status')).toContainText('Saved.');
  await expect(field(page, 'Trusted Device Expiration (2FA)')).toHaveValue('12');
});

test('changes are counted, taken back, saved together, and not lost by a link', async ({ page, pageProblems, expectAccessible }) => {
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  const registration = page.getByRole('switch', { name: 'Customer Self-Registration' });
  const change = async () => {
    await field(page, 'Idle Timeout').fill('45');
    await registration.click();
    await expect(page.getByText('2 changes not saved')).toBeVisible();
  };
  await expect(button(page, 'Save all')).toBeHidden();
  await change();
  await expectAccessible(page);
  await button(page, 'Discard').click();
  await expect(button(page, 'Save all')).toBeHidden();
  await expect(field(page, 'Idle Timeout')).toHaveValue('60');
  await expect(registration).toHaveText('OFF');

  await change();
  const question = page.waitForEvent('dialog');
  const clicked = link(page, 'Audit log').click();
  const dialog = await question;
  expect(dialog.message()).toContain("changes that aren't saved");
  await dialog.dismiss();
  await clicked;
  await expect(heading(page, 'Configuration')).toBeVisible();
  await expect(page.getByText('2 changes not saved')).toBeVisible();

  await button(page, 'Save all').click();
  for (const title of ['Idle Timeout', 'Customer Self-Registration']) {
    await expect(settingRow(page, title).getByRole('status')).toContainText('Saved.');
  }
  await expect(button(page, 'Save all')).toBeHidden();

  // What is refused holds up nothing else, and stays to be mended.
  pageProblems.allow(/status of 422/);
  await field(page, 'Idle Timeout').fill('1');
  await field(page, 'Link Lifetime').fill('20');
  await button(page, 'Save all').click();
  await expect(field(page, 'Idle Timeout')).toHaveAccessibleDescription(/Enter a whole number from 5 to 480\./);
  await expect(field(page, 'Idle Timeout')).toHaveValue('1');
  await expect(page.getByText('1 change not saved')).toBeVisible();
  await button(page, 'Discard').click();
  await page.reload();
  await expect(field(page, 'Idle Timeout')).toHaveValue('45');
  await expect(field(page, 'Link Lifetime')).toHaveValue('20');
  await expect(registration).toHaveText('ON');
});

test('what was refused is shown whatever the page is searched for', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  await field(page, 'Idle Timeout').fill('1');
  await field(page, 'Link Lifetime').fill('20');
  await page.getByRole('searchbox', { name: 'Search' }).fill('trusted');
  await expect(field(page, 'Idle Timeout')).toBeHidden();
  await button(page, 'Save all').click();
  await expect(field(page, 'Idle Timeout')).toHaveAccessibleDescription(/Enter a whole number from 5 to 480\./);
  await expect(field(page, 'Idle Timeout')).toBeVisible();
  await expect(page.getByText('1 change not saved')).toBeVisible();
  await button(page, 'Discard').click();
});

test('what was changed is there again after another sign-in', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 401/);
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  const registration = page.getByRole('switch', { name: 'Customer Self-Registration' });
  await field(page, 'Idle Timeout').fill('45');
  await registration.click();
  await expect(page.getByText('2 changes not saved')).toBeVisible();
  await page.context().clearCookies({ name: /_session$/ });
  await button(page, 'Save all').click();
  await fillIn(page, { Email: ada.email, Password: ada.password });
  await button(page, 'Log in').click();
  await expect(heading(page, 'Configuration')).toBeVisible();
  await expect(field(page, 'Idle Timeout')).toHaveValue('45');
  await expect(registration).toHaveText('ON');
  await expect(page.getByText('2 changes not saved')).toBeVisible();
  await button(page, 'Discard').click();
});
