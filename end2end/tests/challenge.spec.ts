// The code screen.
import {
  button,
  enrolledCustomer,
  enterCode,
  enterPassword,
  expectCodeScreen,
  field,
  fillIn,
  heading,
  lastCode,
  notice,
  otherCode,
  problem,
  reference,
  waitingCustomer,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const refused = /status of (422|429) .*\/api\/(login\/verify|challenge\/send_new_code)/;

test('the screen says where the code went, and phones can fill it in', async ({ page, demo }) => {
  await waitingCustomer(page, demo, 'melanie');
  await expect(page.getByText('m•••e@people.example')).toBeVisible();
  await expect(page.getByText('melanie@people.example')).toHaveCount(0);
  await expect(page.getByText(/The code expires in 10 minutes/)).toBeVisible();

  const code = field(page, 'Verification Code');
  await expect(code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(code).toHaveAttribute('inputmode', 'numeric');
  await expect(code).toHaveAccessibleDescription(/6-digit/);
  await expect(code).toHaveValue('');
});

test('the message carries code and reference of the screen in its first words', scriptedOnly, async ({ page, demo }) => {
  const person = await waitingCustomer(page, demo, 'reference');
  const [marked, code] = [await reference(page), await lastCode(page)];
  await page.goto('/demo/mailbox');
  const mail = page.getByRole('article').filter({ hasText: person.email }).filter({ hasText: `Reference: ${marked}` });
  const subject = mail.getByRole('heading');
  await expect(subject).toHaveText(`${code} is your Configio code (${marked})`);
  await expect(mail.getByRole('link', { name: /http/ })).toHaveCount(0);
});

test('a wrong code says how many tries are left', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(refused);
  await waitingCustomer(page, demo, 'wrong');
  const code = await lastCode(page);
  await enterCode(page, otherCode(code));
  await expect(problem(page, 'That code is not right. You have 4 attempts left.')).toBeVisible();
  await enterCode(page, otherCode(code, 2));
  await expect(problem(page, 'That code is not right. You have 3 attempts left.')).toBeVisible();
  await enterCode(page, code);
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('after five wrong tries even the right code fails', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(refused);
  await waitingCustomer(page, demo, 'exhausted');
  const code = await lastCode(page);
  const answers = [/4 attempts left/, /3 attempts left/, /2 attempts left/, /You have 1 attempt left/, /Too many wrong attempts/];
  for (const [index, answer] of answers.entries()) {
    await enterCode(page, otherCode(code, index + 1));
    await expect(problem(page, answer)).toBeVisible();
  }
  await page.reload();
  await expect(problem(page, /Too many wrong attempts/)).toBeVisible();
  await enterCode(page, code);
  await expect(problem(page, /Too many wrong attempts/)).toBeVisible();
  await expect(heading(page, 'Account Settings')).toHaveCount(0);
  expect((await page.request.get('/account', { maxRedirects: 0 })).status()).toBe(401);
});

test('a code may be pasted with spaces, and Enter verifies', scriptedOnly, async ({ page, demo }) => {
  await waitingCustomer(page, demo, 'spaces');
  const code = await lastCode(page);
  await fillIn(page, { 'Verification Code': ` ${code.slice(0, 3)} ${code.slice(3)} ` });
  await field(page, 'Verification Code').press('Enter');
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('a code works only in the sign-in that asked for it', scriptedOnly, async ({ page, demo, otherBrowser, pageProblems }) => {
  pageProblems.allow(refused);
  const person = await waitingCustomer(page, demo, 'elsewhere');
  const code = await lastCode(page);
  const other = await otherBrowser();
  await enterPassword(other, person);
  await expectCodeScreen(other);
  await enterCode(other, code);
  await expect(problem(other, /That code is not right/)).toBeVisible();
  await enterCode(page, code);
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('Send New Code waits for half a minute, and its code replaces the old one', scriptedOnly, async ({
  page,
  demo,
  javaScriptEnabled,
  pageProblems,
}) => {
  test.slow();
  pageProblems.allow(refused);
  await waitingCustomer(page, demo, 'impatient');
  const [old, oldReference] = [await lastCode(page), await reference(page)];
  const pause = page.getByRole('timer').filter({ hasText: /in \d+ seconds/ });
  await expect(pause).toBeVisible();
  if (javaScriptEnabled === false) {
    await button(page, 'Send New Code').click();
    await expect(problem(page, /Wait \d+ seconds?/)).toBeVisible();
  } else {
    await expect(button(page, 'Send New Code')).toBeDisabled();
  }

  await expect(async () => {
    await page.reload();
    await expect(pause).toHaveCount(0, { timeout: 1 });
  }).toPass({ timeout: 40_000 });
  await button(page, 'Send New Code').click();
  await expect(notice(page, /A new code is on its way/)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText(oldReference, { exact: true })).toHaveCount(0);
  const marked = await reference(page);

  await enterCode(page, old);
  await expect(problem(page, `This code was replaced, use the one marked ${marked}.`)).toBeVisible();
  await enterCode(page, await lastCode(page));
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('one can turn back to another account', scriptedOnly, async ({ page, demo }) => {
  await waitingCustomer(page, demo, 'turning');
  await button(page, 'Cancel and use another account').click();
  await expect(heading(page, 'Sign in to your account')).toBeVisible();
  await page.goto('/login/code');
  await expect(page).toHaveURL('/login');
});

test('a new sign-in does not give new tries to the account', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(refused);
  const person = await enrolledCustomer(page, demo, 'stubborn');
  for (const last of [/Too many wrong attempts/, /Try again in 15 minutes/]) {
    await enterPassword(page, person);
    await expectCodeScreen(page);
    const code = await lastCode(page);
    // Each answer is another one, so that none is taken for that of the code before.
    for (const [index, answer] of [/4 attempts/, /3 attempts/, /2 attempts/, /1 attempt /, last].entries()) {
      await enterCode(page, otherCode(code, index + 1));
      await expect(problem(page, answer)).toBeVisible();
    }
  }
  // The factor is locked now: the password alone gets no further, and no code is sent.
  await enterPassword(page, person);
  await expect(problem(page, /Try again in 15 minutes/)).toBeVisible();
});
