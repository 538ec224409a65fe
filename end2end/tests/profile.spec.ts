// One's own security: trusted devices, sessions, password, address, name and recent activity.
import type { Page } from '@playwright/test';
import { createPerson, enrollHere, enter, enterWithCode, halves, leave, scriptedOnlyForAdmins, openDetails, openSecurity } from '../support/halves';
import {
  ada,
  button,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectFilledIn,
  expectMail,
  field,
  fillIn,
  heading,
  link,
  linkInMail,
  moment,
  notice,
  problem,
  signIn,
} from '../support/people';
import { givePassword } from '../support/shortcuts';
import { expect, test } from '../support/test';

// A link that is dead is answered as gone.
test.beforeEach(({ pageProblems }) => pageProblems.allow(/status of 410 .*\/email\//));

test.use({ demoArgs: ['demo', '--ready'] });
test.slow();

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('the menu in the upper right leads an administrator to User Security', async ({ page }) => {
  await enter(page, halves[1], ada);
  const menu = page.getByRole('navigation', { name: 'Account menu' });
  await expect(button(menu, 'Log out')).toBeVisible();
  await link(menu, 'My Profile').click();
  await expect(heading(page, 'User Security')).toBeVisible();
});

test('Account Settings lead a customer to each page by its tab', async ({ page, demo, expectAccessible }) => {
  await signIn(page, await createPerson(demo, halves[0], 'menu'));
  const tabs = page.getByRole('navigation', { name: 'Account Settings' });
  for (const [name, title, path] of [
    ['Security', 'Security', '/account/security'],
    ['Two-Factor Authentication', 'Two-Factor Authentication', '/account/two-factor'],
    ['Profile', 'Account Settings', '/account'],
  ] as const) {
    await link(tabs, name).click();
    await expect(page).toHaveURL(path);
    await expect(heading(page, title)).toBeVisible();
    await expect(link(tabs, name)).toHaveAttribute('aria-current', 'page');
    await expect(tabs.locator('[aria-current]')).toHaveCount(1);
    await expectAccessible(page);
  }
});

for (const half of halves) {
  test.describe(half.audience, scriptedOnlyForAdmins(half), () => {
    test('trusted devices are listed and revoked', async ({ page, demo, expectAccessible }) => {
      const person = await createPerson(demo, half, 'devices');
      await givePassword(page, half.audience, person);
      await openSecurity(page, half);
      const devices = region(page, 'Trusted devices');
      await expect(devices).toContainText('No trusted devices.');
      await enrollHere(page, half);
      await leave(page);

      for (const way of ['one', 'all']) {
        await enterWithCode(page, half, person, { trust: true });
        await openSecurity(page, half);
        const device = devices.getByRole('row').filter({ hasText: 'This device' });
        await expect(device).toContainText(/Chrom\w+ on|Chrome on/);
        await expect(device).toContainText('127.0.0.1');
        await expectAccessible(page);
        if (way === 'one') {
          await button(device, 'Delete').click();
          await expect(notice(page, 'That device is no longer trusted.')).toBeVisible();
        } else {
          await button(devices, 'Revoke all').click();
          await expect(notice(page, 'All trusted devices are revoked.')).toBeVisible();
        }
        await expect(device).toHaveCount(0);
        await leave(page);
      }
      await enterPassword(page, person, half.login);
      await expectCodeScreen(page);
    });

    test('sessions are listed and ended', async ({ page, demo, otherBrowser }) => {
      const person = await createPerson(demo, half, 'sessions');
      await givePassword(page, half.audience, person);
      const other = await otherBrowser();
      await givePassword(other, half.audience, person);
      await openSecurity(page, half);
      const sessions = region(page, 'Sessions');
      const mine = sessions.getByRole('row').filter({ hasText: 'This device' });
      await expect(mine).toContainText('127.0.0.1');
      await expect(button(mine, 'End session')).toHaveCount(0);
      await button(sessions, 'End session').click();
      await expect(notice(page, 'That session has ended.')).toBeVisible();
      await other.goto(half.home);
      await expect(button(other, 'Log in')).toBeVisible();

      await givePassword(other, half.audience, person);
      await openSecurity(page, half);
      await button(sessions, 'End all other sessions').click();
      await expect(notice(page, 'All other sessions have ended.')).toBeVisible();
      await expect(button(sessions, 'End all other sessions')).toHaveCount(0);
      await other.goto(half.home);
      await expect(button(other, 'Log in')).toBeVisible();
    });

    test('the password is changed, and ending the other sessions is offered', async ({
      page,
      demo,
      otherBrowser,
      pageProblems,
      expectAccessible,
    }) => {
      pageProblems.allow(/status of (401|422)/);
      const person = await createPerson(demo, half, 'password');
      const password = 'seven lakes walk home';
      await givePassword(page, half.audience, person);
      const other = await otherBrowser();
      await givePassword(other, half.audience, person);

      await openSecurity(page, half);
      await fillIn(page, { 'Current password': 'not my password', 'New password': password });
      await button(page, 'Change password').click();
      await expectFieldProblem(page, 'Current password', 'Wrong password.');
      await fillIn(page, { 'Current password': person.password, 'New password': 'password123' });
      await button(page, 'Change password').click();
      const tooWeak = half.audience === 'admin' ? 'Use at least 15 characters.' : 'too common';
      await expectFieldProblem(page, 'New password', tooWeak);
      await fillIn(page, { 'Current password': person.password, 'New password': password });
      await button(page, 'Change password').click();
      await expect(notice(page, 'Password changed.')).toBeVisible();
      await expectAccessible(page);

      await button(region(page, 'Other sessions'), 'End all other sessions').click();
      await expect(notice(page, 'All other sessions have ended.')).toBeVisible();
      await other.goto(half.home);
      await expect(button(other, 'Log in')).toBeVisible();
      await expectMail(page, person.email, 'Your password was changed.');

      await leave(page);
      await enterPassword(page, person, half.login);
      await expect(problem(page, 'Wrong email or password.')).toBeVisible();
      await enter(page, half, { ...person, password });
    });

    test('a new address is proved by its link, and both addresses are told', async ({
      page,
      demo,
      pageProblems,
      expectAccessible,
    }) => {
      pageProblems.allow(/status of (410|422)/);
      const person = await createPerson(demo, half, 'email');
      const email = `${half.audience}-new@people.example`;
      await givePassword(page, half.audience, person);
      await openDetails(page, half);
      await link(page, 'Change email address').click();
      await expect(heading(page, 'Change your email address')).toBeVisible();
      await fillIn(page, { 'New email address': 'not an address' });
      await button(page, 'Send link').click();
      await expectFieldProblem(page, 'New email address', 'Enter an email address such as name@example.org.');
      await expectFilledIn(page, { 'New email address': 'not an address' });
      await fillIn(page, { 'New email address': email });
      await button(page, 'Send link').click();
      await expect(notice(page, 'A link is on its way to the new address.')).toBeVisible();

      const address = await linkInMail(page, email, '/email/');
      await page.goto(address);
      await expect(heading(page, 'Confirm your new email address')).toBeVisible();
      await expect(page.getByText(email)).toBeVisible();
      await expectAccessible(page);
      await button(page, 'Confirm this address').click();
      await expect(notice(page, 'Email address changed.')).toBeVisible();
      await expect(heading(page, half.detailsTitle)).toBeVisible();
      for (const to of [person.email, email]) {
        await expectMail(page, to, 'Your email address was changed.');
      }

      await page.goto(address);
      await expect(problem(page, 'This link has already been used')).toBeVisible();
      await page.goto(half.security);
      await leave(page);
      await enter(page, half, { ...person, email });
    });

    test('the name is changed, and what happened is listed', async ({
      page,
      demo,
      pageProblems,
      expectAccessible,
    }) => {
      pageProblems.allow(/status of 422/);
      const person = await createPerson(demo, half, 'name');
      await givePassword(page, half.audience, person);
      await openDetails(page, half);
      await fillIn(page, { Name: '' });
      await button(page, 'Change name').click();
      await expectFieldProblem(page, 'Name', 'Please fill this in.');
      await fillIn(page, { Name: 'Pat Parker' });
      await button(page, 'Change name').click();
      await expect(notice(page, 'Saved.')).toBeVisible();
      await expect(field(page, 'Name')).toHaveValue('Pat Parker');

      await openSecurity(page, half);
      const activity = region(page, 'Recent activity');
      const signedIn = activity.getByRole('row').filter({ hasText: 'Signed in' });
      await expect(signedIn).toContainText('127.0.0.1');
      await expect(signedIn).toContainText(moment);
      await expect(activity.getByRole('row').filter({ hasText: 'Name changed' })).toContainText('Done');
      await expect(activity.getByRole('row').filter({ hasText: 'Account created' })).toContainText('The system');
      await page.setViewportSize({ width: 320, height: 640 });
      await expectAccessible(page);
      const width = await page.locator('html').evaluate((html) => html.scrollWidth);
      expect(width).toBeLessThanOrEqual(320);
    });
  });
}
