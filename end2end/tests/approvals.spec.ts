// Changes that weaken protection wait for a second administrator.
import type { Page } from '@playwright/test';
import {
  type Person,
  ada,
  allowedSwitch,
  button,
  configurationPath,
  createAccount,
  expectMail,
  heading,
  link,
  managerPath,
  notice,
  row,
  signInAsAdmin,
  switchSetting,
  twoFactorAuthPath,
} from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });
test.slow();

const approvalsPath = '/admin/settings/setup/approvals';
const setting = 'Second Administrator for Changes That Weaken Protection';
const bea: Person = { email: 'bea@people.example', password: 'granite-ribbon-thistle' };

/** Switches two-factor authentication off for customers, as far as one administrator can. */
async function switchCustomersOff(page: Page): Promise<void> {
  await page.goto(twoFactorAuthPath('Customer Authentication'));
  await allowedSwitch(page, 'Customer Authentication').click();
  await expect(heading(page, 'Turn off two-factor authentication for customers?')).toBeVisible();
  await button(page, 'Turn Off').click();
}

test('it takes a second administrator to switch it on', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 409/);
  await signInAsAdmin(page);
  await switchSetting(page, setting, true);
  await expect(page.getByRole('alert').filter({ hasText: 'There is no second active administrator' })).toBeVisible();
});

test('a change waits until another administrator approves it', async ({ page, demo, otherBrowser, expectAccessible }) => {
  await createAccount(demo, 'admin', bea);
  await signInAsAdmin(page);
  await switchSetting(page, setting, true);
  await expect(notice(page, 'Saved.')).toBeVisible();

  await switchCustomersOff(page);
  await expect(page).toHaveURL(new RegExp(`${approvalsPath}\\?done=approval_asked$`));
  await expect(heading(page, 'Approvals')).toBeVisible();
  await expect(notice(page, 'Your change is not made yet.')).toBeVisible();
  await expect(row(page, 'customer, not allowed')).toContainText('You requested this.');
  await expect(button(page, 'Approve')).toHaveCount(0);
  await expectAccessible(page);
  await page.goto(managerPath);
  await expect(page.getByRole('region', { name: 'Customer Authentication' })).toContainText('Active');
  await expectMail(page, bea.email, 'only if another administrator approves it');

  // Declined at first, and asked for again.
  const other = await otherBrowser();
  await signInAsAdmin(other, bea);
  await expect(other.getByText('1 change waits for your approval.')).toBeVisible();
  await link(other.getByRole('main'), 'Open the Approvals').click();
  await expect(row(other, 'customer, not allowed')).toContainText(ada.email);
  await expectAccessible(other);
  await button(other, 'Decline').click();
  await expect(notice(other, 'Declined. Nothing has changed.')).toBeVisible();
  await expect(other.getByText('No change is waiting for approval.')).toBeVisible();

  await switchCustomersOff(page);
  await expect(notice(page, 'Your change is not made yet.')).toBeVisible();
  await other.goto(approvalsPath);
  await button(other, 'Approve').click();
  await expect(notice(other, 'Approved. The change is made.')).toBeVisible();
  await other.goto(managerPath);
  await expect(other.getByRole('region', { name: 'Customer Authentication' })).toContainText('Inactive');
});

test('one takes one’s own request back', async ({ page, demo }) => {
  await createAccount(demo, 'admin', bea);
  await signInAsAdmin(page);
  await switchSetting(page, setting, true);
  await expect(notice(page, 'Saved.')).toBeVisible();
  // The second administrator is needed to switch it off, too.
  await switchSetting(page, setting, false);
  await expect(notice(page, 'Your change is not made yet.')).toBeVisible();
  await button(page, 'Withdraw').click();
  await expect(notice(page, 'Withdrawn. Nothing has changed.')).toBeVisible();
  await page.goto(configurationPath);
  await expect(page.getByRole('switch', { name: setting })).toHaveText('ON');
});
