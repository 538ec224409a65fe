// An administrator helps somebody who is locked out with a one-time code.
import type { Page } from '@playwright/test';
import { createPerson, enrollHere, halves, leave, scriptedOnlyForAdmins } from '../support/halves';
import {
  ada,
  button,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectMail,
  fillIn,
  heading,
  lastCode,
  link,
  otherCode,
  problem,
  row,
  signInAsAdmin,
} from '../support/people';
import { givePassword } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });
test.slow();

const lists = { customer: '/admin/customers', admin: '/admin/settings/setup/users' } as const;

async function openAccount(page: Page, list: string, email: string): Promise<void> {
  await page.goto(`${list}?search=${encodeURIComponent(email)}`);
  await link(row(page, email), 'Edit').click();
  await expect(page).toHaveURL(/\/(customers|users)\/[0-9a-f-]{36}$/);
}

/** Issues a code for the account on the page, and reads it. */
async function issueCode(page: Page): Promise<string> {
  await link(page, 'Two-factor').click();
  await link(page, 'Issue helpdesk code').click();
  await expect(heading(page, 'Helpdesk code')).toBeVisible();
  await button(page, 'Issue helpdesk code').click();
  const code = page.getByText(/^(\w{4}-){3}\w{4}$/);
  await expect(code).toBeVisible();
  return code.innerText();
}

for (const half of halves) {
  test(`${half.audience}: a helpdesk code signs in once, is shown once, and a new one voids it`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    otherBrowser,
    pageProblems,
    expectAccessible,
  }) => {
    pageProblems.allow(/status of 422/);
    const person = await createPerson(demo, half, 'helped');
    await givePassword(page, half.audience, person);
    await enrollHere(page, half);
    await leave(page);
    await enterPassword(page, person, half.login);
    await expectCodeScreen(page);

    const admin = await otherBrowser();
    await signInAsAdmin(admin);
    await openAccount(admin, lists[half.audience], person.email);
    const old = await issueCode(admin);
    await expectAccessible(admin);
    await admin.reload();
    await expect(button(admin, 'Issue helpdesk code')).toBeVisible();
    await expect(admin.getByText(old)).toHaveCount(0);
    await expectAccessible(admin);
    await openAccount(admin, lists[half.audience], person.email);
    const code = await issueCode(admin);
    await expectMail(admin, person.email, 'An administrator issued a helpdesk code');

    await link(page, 'Recovery Codes').click();
    await fillIn(page, { 'Recovery code': old });
    await button(page, 'Verify').click();
    await expect(problem(page, 'That is not one of your recovery codes.')).toBeVisible();
    await fillIn(page, { 'Recovery code': code.toLowerCase() });
    await button(page, 'Verify').click();
    await expect(page).toHaveURL(half.home);
    await expectMail(admin, person.email, 'A helpdesk code was used');
    await leave(page);

    await enterPassword(page, person, half.login);
    await link(page, 'Recovery Codes').click();
    await fillIn(page, { 'Recovery code': code });
    await button(page, 'Verify').click();
    await expect(problem(page, 'This recovery code has already been used.')).toBeVisible();

    await admin.goto(`/admin/audit?account=${encodeURIComponent(ada.email)}&action=helpdesk_code_issued`);
    await expect(row(admin, person.email).first()).toContainText('Helpdesk code issued');
    await expect(admin.getByText(code)).toHaveCount(0);
  });
}

test('it helps whom wrong codes have locked out', scriptedOnly, async ({ page, demo, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of (422|429)/);
  const [half] = halves;
  const person = await createPerson(demo, half, 'locked');
  await givePassword(page, half.audience, person);
  await enrollHere(page, half);
  await leave(page);
  for (const last of ['This code no longer works', 'Try again in 15 minutes.']) {
    await enterPassword(page, person, half.login);
    await expectCodeScreen(page);
    const right = await lastCode(page);
    const answers = ['You have 4 attempts left.', 'You have 3 attempts left.', 'You have 2 attempts left.', 'You have 1 attempt left.', last];
    for (const [step, answer] of answers.entries()) {
      await enterCode(page, otherCode(right, step + 1));
      await expect(problem(page, answer)).toBeVisible();
    }
  }

  const admin = await otherBrowser();
  await signInAsAdmin(admin);
  await openAccount(admin, lists.customer, person.email);
  const code = await issueCode(admin);
  await link(page, 'Recovery Codes').click();
  await fillIn(page, { 'Recovery code': code });
  await button(page, 'Verify').click();
  await expect(page).toHaveURL(half.home);
});

test('there is none for oneself, nor where there is no entry', scriptedOnly, async ({ page }) => {
  await signInAsAdmin(page);
  await openAccount(page, lists.admin, ada.email);
  await expect(link(page, 'Issue helpdesk code')).toHaveCount(0);
  await openAccount(page, lists.customer, 'conrad@demo.example');
  await link(page, 'Two-factor').click();
  await expect(page.getByText('No sign-in method')).toBeVisible();
  await expect(link(page, 'Issue helpdesk code')).toHaveCount(0);
});
