// Step 1 of the walkthrough: settings are found, changed, and count.
import {
  ada,
  button,
  carla,
  configurationPath,
  enterPassword,
  expectCodeScreen,
  field,
  heading,
  moment,
  notice,
  problem,
  settingRow,
  signIn,
  signInAsAdmin,
  switchSetting,
} from '../support/people';
import { addEntry, endSession, giveCodeToo, givePassword } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });

const requirement = 'Require Secondary Authentication (2FA) for Admin Users';
const expiration = 'Trusted Device Expiration (2FA)';

test('two settings are found by 2fa', async ({ page, expectAccessible }) => {
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  await expect(heading(page, 'Configuration')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(21);

  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.fill('2FA');
  await button(page, 'Search').click();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(2);
  await expect(page.getByRole('switch', { name: requirement })).toHaveText('OFF');
  await expect(field(page, expiration)).toHaveValue('30');
  await expect(settingRow(page, expiration)).toContainText('From 0 to 365. Default: 30.');
  await expect(search).toHaveValue('2FA');
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(2);

  await search.fill('no such thing');
  await button(page, 'Search').click();
  await expect(page.getByText('No setting matches "no such thing".')).toBeVisible();
});

test('a value is saved, with who and when, and the search stays', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(`${configurationPath}?q=2fa`);
  const row = settingRow(page, expiration);
  await expect(row.getByText('Never', { exact: true })).toBeVisible();
  await field(page, expiration).fill('10');
  await button(row, 'Save').click();
  await expect(row.getByRole('status')).toContainText('Saved.');
  await expect(row).toContainText(new RegExp(`${moment.source} by admin@demo\\.example`));
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveCount(2);
  await page.reload();
  await expect(field(page, expiration)).toHaveValue('10');
});

test('a value out of bounds is told beside its field and kept', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  await field(page, expiration).fill('366');
  await button(settingRow(page, expiration), 'Save').click();
  await expect(field(page, expiration)).toHaveAccessibleDescription(/Enter a whole number from 0 to 365\./);
  await expect(field(page, expiration)).toHaveAttribute('aria-invalid', 'true');
  await expect(field(page, expiration)).toHaveValue('366');
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(1);
  await page.goto(configurationPath);
  await expect(field(page, expiration)).toHaveValue('30');
});

test('zero days turn trusting off', scriptedOnly, async ({ page, otherBrowser }) => {
  await givePassword(page, 'customer', carla);
  await addEntry(page, 'customer');
  await endSession(page, 'customer');
  await giveCodeToo(page, 'customer', carla, { trust: true });
  await endSession(page, 'customer');
  await signIn(page, carla);
  await endSession(page, 'customer');

  const admin = await otherBrowser();
  await signInAsAdmin(admin);
  await admin.goto(configurationPath);
  await field(admin, expiration).fill('0');
  await button(settingRow(admin, expiration), 'Save').click();
  await expect(notice(admin, 'Saved.')).toBeVisible();

  await enterPassword(page, carla);
  await expectCodeScreen(page);
  await expect(page.getByRole('checkbox', { name: 'Trust this device' })).toHaveCount(0);
});

test('the requirement is refused while its administrator has no entry, and says what to do', async ({
  page,
  pageProblems,
}) => {
  pageProblems.allow(/status of 409/);
  await signInAsAdmin(page);
  await switchSetting(page, requirement, true);
  await expect(problem(page, 'Set up your own second factor under My Profile first')).toBeVisible();
  const row = settingRow(page, requirement);
  await expect(row).toContainText('1 administrator has no working method');
  await expect(row).toContainText(ada.email);
  await expect(page.getByRole('switch', { name: requirement })).toHaveText('ON');
  await expect(row).toContainText('Not saved yet.');
  await page.goto(configurationPath);
  await expect(page.getByRole('switch', { name: requirement })).toHaveText('OFF');
});
