// What the code screen does only where JavaScript is on.
import {
  askForEntryCode,
  button,
  createCustomer,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  field,
  fillIn,
  heading,
  lastCode,
  notice,
  otherCode,
  problem,
  signIn,
  waitingCustomer,
} from '../support/people';
import { addEntry, addMail, configure, endSession, givePassword } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('the field has the focus from the start', async ({ page, demo }) => {
  await waitingCustomer(page, demo, 'focus');
  await expect(field(page, 'Verification Code')).toBeFocused();
});

test('the focus goes to what is wrong', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/login\/verify/);
  await waitingCustomer(page, demo, 'attention');
  await enterCode(page, '123');
  await expectFieldProblem(page, 'Verification Code', 'Enter the 6 digits');
  await expect(field(page, 'Verification Code')).toBeFocused();
  await enterCode(page, otherCode(await lastCode(page)));
  await expect(problem(page, 'You have 4 attempts left.')).toBeVisible();
  const code = field(page, 'Verification Code');
  await expect(code).toBeFocused();
  await expectFieldProblem(page, 'Verification Code', 'You have 4 attempts left.');
  // It is selected, so that typing takes its place.
  const selected = () => code.evaluate((input: HTMLInputElement) => (input.selectionEnd ?? 0) - (input.selectionStart ?? 0));
  expect(await selected()).toBe(6);
});

test('Send New Code counts down, also after a reload', async ({ page, demo }) => {
  await waitingCustomer(page, demo, 'countdown');
  const timer = page.getByRole('timer');
  const seconds = async () => Number((await timer.innerText()).match(/\d+/)?.[0] ?? 0);
  await expect(timer).toHaveText(/You can request a new code in \d+ seconds?/);
  await expect(button(page, 'Send New Code')).toBeDisabled();
  const before = await seconds();
  expect(before).toBeGreaterThan(20);
  await expect.poll(seconds).toBeLessThan(before);

  await page.reload();
  await expect(button(page, 'Send New Code')).toBeDisabled();
  expect(await seconds()).toBeLessThan(before);
});

test('the form is taken at the sixth digit, unless there is more to choose', async ({ page, demo }) => {
  const person = await createCustomer(demo, 'quick');
  await signIn(page, person);
  await askForEntryCode(page);
  await field(page, 'Verification Code').pressSequentially(await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();

  await enterPassword(page, person);
  await expectCodeScreen(page);
  const code = await lastCode(page);
  await field(page, 'Verification Code').pressSequentially(code);
  await expect(page.getByRole('checkbox', { name: 'Trust this device' })).not.toBeChecked();
  await expect(field(page, 'Verification Code')).toHaveValue(code);
  await page.getByRole('checkbox', { name: 'Trust this device' }).check();
  await button(page, 'Verify').click();
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('a late answer takes nothing from somebody who types on', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/login\/verify/);
  await waitingCustomer(page, demo, 'hasty-typist');
  const wrong = otherCode(await lastCode(page));
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/login/verify', async (route) => {
    await held;
    await route.continue();
  });
  const code = field(page, 'Verification Code');
  await code.fill(wrong);
  await button(page, 'Verify').click();
  await code.fill('');
  await code.pressSequentially('678');
  answer();
  await expect(problem(page, 'You have 4 attempts left.')).toBeVisible();
  await expect(code).toBeFocused();
  await code.pressSequentially('90');
  await expect(code).toHaveValue('67890');
});

// Last: the demo sends by the mail server of this test from then on.
test('what was wrong goes away with the next answer', async ({ page, demo, mailServer, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/login\/verify/);
  // A mail server that refuses leaves no pause before Send New Code.
  await addMail(demo, mailServer);
  await configure(demo, '[[secondary_auth]]\ntitle = "Email"\nprovider = "Mail"\n');
  const person = await createCustomer(demo, 'moving');
  await givePassword(page, 'customer', person);
  await addEntry(page, 'customer', mailServer);
  await endSession(page, 'customer');
  mailServer.behaviour = 'refuse-recipient';
  await enterPassword(page, person);
  await expect(problem(page, 'so no code was sent')).toBeVisible();
  await enterCode(page, '123456');
  await expect(problem(page, 'No code has been sent.')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(1);
  mailServer.behaviour = 'accept';
  await fillIn(page, { 'Verification Code': '12345' });
  await button(page, 'Send New Code').click();
  await expect(page.getByText('A new code is on its way.')).toBeVisible();
  await expect(field(page, 'Verification Code')).toHaveValue('');
  await expect(page.getByRole('alert')).toHaveCount(0);
});
