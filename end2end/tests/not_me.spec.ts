// "This was not me": the link in a notice, what its page says, and what its button ends.
import type { Page } from '@playwright/test';
import {
  ada,
  button,
  enrolledCustomer,
  enterPassword,
  expectCodeScreen,
  expectMail,
  fillIn,
  heading,
  link,
  linkInMail,
  notice,
  problem,
  signInWithCode,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const newPassword = 'seven lakes walk home';

/** Opens the link in the newest notice to somebody. */
async function openNotice(page: Page, email: string): Promise<string> {
  const address = await linkInMail(page, email, '/not-me/');
  await page.goto(address);
  return address;
}

test('a new device is told, and its owner stops whoever it was', async ({
  page,
  demo,
  otherBrowser,
  expectAccessible,
  pageProblems,
}) => {
  pageProblems.allow(/status of (401|410) /);
  const person = await enrolledCustomer(page, demo, 'robbed');
  const thief = await otherBrowser();
  await signInWithCode(thief, person, { trust: true });
  await expectMail(page, person.email, 'A browser was trusted.');

  const address = await openNotice(page, person.email);
  await expect(heading(page, 'This was not me')).toBeVisible();
  for (const words of [person.email, 'Device trusted', 'All sessions and trusted devices of your account end.']) {
    await expect(page.getByText(words, { exact: true })).toBeVisible();
  }
  await expectAccessible(page);
  // Looking changes nothing.
  await thief.goto('/account');
  await expect(heading(thief, 'Account Settings')).toBeVisible();

  await button(page, 'It was not me').click();
  await expect(notice(page, 'All sessions have ended, and the old password no longer works.')).toBeVisible();
  await expectAccessible(page);
  await thief.goto('/account');
  await expect(button(thief, 'Log in')).toBeVisible();
  await enterPassword(thief, person);
  await expect(problem(thief, 'Wrong email or password')).toBeVisible();
  await expectMail(page, ada.email, `The owner of ${person.email} says that this was someone else`);

  // The way back is the usual one, and the second factor is asked for.
  await page.goto(await linkInMail(page, person.email, '/password/'));
  await fillIn(page, { 'New password': newPassword });
  await button(page, 'Set password').click();
  await expect(notice(page, 'Password changed.')).toBeVisible();
  await enterPassword(page, { ...person, password: newPassword });
  await expectCodeScreen(page);

  await page.goto(address);
  await expect(problem(page, 'This link has already been used')).toBeVisible();
  await expect(button(page, 'It was not me')).toHaveCount(0);
  await expectAccessible(page);
  await link(page, 'Set a new password').click();
  await expect(heading(page, 'Forgot your password?')).toBeVisible();
});

test('a link that is made up says no more than one that was used', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 410 /);
  await page.goto('/not-me/made-up');
  await expect(problem(page, 'This link has already been used, has expired or is not valid.')).toBeVisible();
});
