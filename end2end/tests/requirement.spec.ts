// Step 16 of the walkthrough: the requirement of a second factor for administrators.
import type { Page } from '@playwright/test';
import {
  ada,
  allowedSwitch,
  button,
  createAccount,
  enterCode,
  enterPassword,
  expectCodeScreen,
  heading,
  lastCode,
  link,
  logOut,
  notice,
  problem,
  row,
  secondaryAuthPath,
  servicesPath,
  settingRow,
  configurationPath,
  signInAsAdmin,
  switchSetting,
  twoFactorAuthPath,
} from '../support/people';
import { addEntry, configure, endSession, givePassword } from '../support/shortcuts';
import type { Server } from '../support/server';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });
test.slow();

const requirement = 'Require Secondary Authentication (2FA) for Admin Users';
const una = { email: 'una@people.example', password: 'granite-ribbon-thistle' };
const needed = 'Two-factor authentication is required for administrators.';

/** Ada has an entry and is signed in, and it is required. */
async function requireIt(page: Page, demo: Server, more = ''): Promise<void> {
  await givePassword(page, 'admin', ada);
  await addEntry(page, 'admin');
  await configure(demo, `[configuration]\nrequire_admin_two_factor = true\n${more}`);
}

/** Sets up an entry on User Security, which is open. */
async function enrollHere(page: Page): Promise<void> {
  await expect(heading(page, 'User Security')).toBeVisible();
  await button(page, 'Send Code').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
}

const consoleNav = (page: Page) => page.getByRole('navigation', { name: 'Console' });

test('an administrator without an entry reaches nothing but enrollment and sign-out', async ({
  page,
  otherBrowser,
  demo,
  expectAccessible,
}) => {
  await createAccount(demo, 'admin', una);
  await requireIt(page, demo);
  await page.goto(configurationPath);
  await expect(settingRow(page, requirement)).toContainText('1 administrator has no working method');
  await expect(settingRow(page, requirement)).toContainText(una.email);

  const other = await otherBrowser();
  await enterPassword(other, una, '/admin/login');
  await expect(heading(other, 'User Security')).toBeVisible();
  await expect(other.getByText(needed)).toBeVisible();
  await expect(consoleNav(other)).toHaveCount(0);
  await expectAccessible(other);
  for (const path of ['/admin', configurationPath, servicesPath, '/admin/settings/setup/users', '/admin/login/code']) {
    await other.goto(path);
    await expect(heading(other, 'User Security')).toBeVisible();
  }
  await logOut(other);
  await enterPassword(other, una, '/admin/login');
  await enrollHere(other);
  await expect(other.getByText(needed)).toHaveCount(0);
  await link(consoleNav(other), 'Services Manager').click();
  await expect(heading(other, 'Services Manager')).toBeVisible();

  await logOut(other);
  await enterPassword(other, una, '/admin/login');
  await expectCodeScreen(other);
});

test('during the grace period the console counts down', scriptedOnly, async ({ page, otherBrowser, demo }) => {
  await createAccount(demo, 'admin', una);
  await requireIt(page, demo, 'grace_days = 5\n');

  const other = await otherBrowser();
  await signInAsAdmin(other, una);
  await expect(other.getByText('You have 5 days left to set it up.')).toBeVisible();
  await link(other, 'User Security').click();
  await expect(heading(other, 'User Security')).toBeVisible();
  await enrollHere(other);
  await expect(other.getByText('left to set it up')).toHaveCount(0);
});

test('the last way to prove a second factor stays, and the page says why', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 409/);
  await requireIt(page, demo);
  const last = /this would lock out 1 administrator\./;

  await page.goto(servicesPath);
  await button(page, 'Deactivate').click();
  await expect(problem(page, last)).toBeVisible();
  await expect(row(page, 'SMTP')).toContainText('Active');

  await page.goto(secondaryAuthPath);
  await button(row(page, 'Email'), 'Delete').click();
  await expect(problem(page, last)).toBeVisible();

  await page.goto(twoFactorAuthPath('Admin Authentication'));
  await allowedSwitch(page, 'Admin Authentication').click();
  await expect(problem(page, last)).toBeVisible();
  await expect(allowedSwitch(page, 'Admin Authentication')).toHaveText('Active');

  await switchSetting(page, requirement, false);
  await expect(notice(page, 'Saved.')).toBeVisible();
  await page.goto(servicesPath);
  await button(page, 'Deactivate').click();
  await expect(problem(page, /would lock out your only administrator/)).toBeVisible();
  await configure(demo, '[configuration]\nadmins_without_code = true\n');
  await button(page, 'Deactivate').click();
  await expect(heading(page, 'Deactivate this service provider?')).toBeVisible();
  await expect(page.getByText('1 account uses SMTP.')).toBeVisible();
  await button(page, 'Deactivate').click();
  await expect(notice(page, 'Service provider deactivated.')).toBeVisible();
});

test('breaking the glass leads to enrollment again', scriptedOnly, async ({ page, demo }) => {
  await requireIt(page, demo);
  await endSession(page, 'admin');
  await enterPassword(page, ada, '/admin/login');
  await expectCodeScreen(page);

  const reset = await demo.run(['account', 'reset-2fa', '--email', ada.email]);
  expect(reset.code, reset.stderr).toBe(0);
  await enterPassword(page, ada, '/admin/login');
  await expect(page.getByText(needed)).toBeVisible();
  await enrollHere(page);

  const refused = await demo.run(['account', 'disable', '--email', ada.email]);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('last active administrator');
  await createAccount(demo, 'admin', una);
  for (const command of ['unlock', 'disable']) {
    const done = await demo.run(['account', command, '--email', ada.email]);
    expect(done.code, done.stderr).toBe(0);
  }
  await page.goto(configurationPath);
  await expect(heading(page, 'Administrator sign-in')).toBeVisible();
});
