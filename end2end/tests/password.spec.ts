// A forgotten password: asking for a link, choosing a new password, and what stays as it was.
import type { Page } from '@playwright/test';
import {
  ada,
  button,
  createCustomer,
  enroll,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  field,
  fillIn,
  heading,
  link,
  linkSentTo,
  logOut,
  notice,
  problem,
  signIn,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const newPassword = 'seven lakes walk home';

/** Asks for a link, by the way that the sign-in shows. */
async function forget(page: Page, email: string, loginPath = '/login'): Promise<void> {
  await page.goto(loginPath);
  await link(page, 'Forgot password?').click();
  await expect(heading(page, 'Forgot your password?')).toBeVisible();
  await fillIn(page, { Email: email });
  await button(page, 'Send link').click();
  await expect(notice(page, 'If there is an account with this address, a link is on its way.')).toBeVisible();
}

async function setPassword(page: Page, password: string): Promise<void> {
  await expect(heading(page, 'Choose a new password')).toBeVisible();
  await fillIn(page, { 'New password': password });
  await button(page, 'Set password').click();
}

test('a customer chooses a new password by the link in the mail, once', async ({
  page,
  demo,
  expectAccessible,
  pageProblems,
}) => {
  pageProblems.allow(/status of 410 .*\/password\//);
  const person = await createCustomer(demo, 'forgetful');
  await forget(page, person.email);
  await expectAccessible(page);
  const address = await linkSentTo(page, person.email, 'Reset your Configio password');
  expect(address).toContain(`${demo.url}/password/`);

  // Looking at the page uses nothing up.
  for (let visit = 0; visit < 2; visit++) {
    await page.goto(address);
    await expect(page.getByText(person.email)).toBeVisible();
  }
  await expectAccessible(page);
  await setPassword(page, newPassword);
  await expect(notice(page, 'Password changed. You can sign in now.')).toBeVisible();
  await signIn(page, { ...person, password: newPassword });

  await page.goto(address);
  await expect(problem(page, 'This link has already been used')).toBeVisible();
  await expect(field(page, 'New password')).toHaveCount(0);
  await expectAccessible(page);
  await link(page, 'Request a new link').click();
  await expect(heading(page, 'Forgot your password?')).toBeVisible();
});

test('an unknown address gets the same answer', scriptedOnly, async ({ page }) => {
  await forget(page, 'nobody-there@people.example');
  await forget(page, 'nobody-there@people.example', '/admin/login');
});

test('what is no address and a bad password are told at the field, and the link lives on', async ({
  page,
  demo,
  pageProblems,
  javaScriptEnabled,
}) => {
  pageProblems.allow(/status of 422/);
  const person = await createCustomer(demo, 'careless');
  await page.goto('/login/forgot');
  await fillIn(page, { Email: 'careless' });
  await button(page, 'Send link').click();
  await expectFieldProblem(page, 'Email', 'Enter an email address such as name@example.org.');
  await expect(field(page, 'Email')).toHaveValue('careless');

  await forget(page, person.email);
  await page.goto(await linkSentTo(page, person.email, 'Reset your Configio password'));
  // A button that needs JavaScript is there with it only.
  await expect(button(page, 'Show password')).toBeVisible({ visible: javaScriptEnabled !== false });
  await setPassword(page, 'short');
  await expectFieldProblem(page, 'New password', 'Use at least 8 characters.');
  await setPassword(page, 'password123');
  await expectFieldProblem(page, 'New password', 'too common');
  await setPassword(page, newPassword);
  await expect(notice(page, 'Password changed.')).toBeVisible();
});

test('sessions end, and the second factor is still asked for', scriptedOnly, async ({ page, demo, otherBrowser }) => {
  const person = await createCustomer(demo, 'careful');
  await signIn(page, person);
  await enroll(page);

  const other = await otherBrowser();
  await forget(other, person.email);
  await other.goto(await linkSentTo(other, person.email, 'Reset your Configio password'));
  await setPassword(other, newPassword);
  await expect(notice(other, 'Password changed.')).toBeVisible();
  await enterPassword(other, { ...person, password: newPassword });
  await expectCodeScreen(other);

  await page.goto('/account');
  await expect(button(page, 'Log in')).toBeVisible();
});

test('an administrator needs a long one', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  await forget(page, ada.email, '/admin/login');
  await page.goto(await linkSentTo(page, ada.email, 'Reset your Configio password'));
  await setPassword(page, 'fourteen chars');
  await expectFieldProblem(page, 'New password', 'Use at least 15 characters.');
  await setPassword(page, newPassword);
  await expect(notice(page, 'Password changed.')).toBeVisible();
  await expect(heading(page, 'Administrator sign-in')).toBeVisible();
  await enterPassword(page, { ...ada, password: newPassword }, '/admin/login');
  await logOut(page);
});
