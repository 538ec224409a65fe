// Inviting administrators and customers.
import type { Page } from '@playwright/test';
import {
  button,
  expectFieldProblem,
  expectFilledIn,
  field,
  fillIn,
  heading,
  link,
  notice,
  problem,
  row,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

// A link that is dead is answered as gone.
test.beforeEach(({ pageProblems }) => pageProblems.allow(/status of 410 .*\/invitation\//));

const usersPath = '/admin/settings/setup/users';
const customersPath = '/admin/customers';

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });

async function invite(page: Page, listPath: string, name: string, email: string) {
  await page.goto(listPath);
  await link(page, 'Add New').click();
  await fillIn(page, { Name: name, Email: email });
  await button(page, 'Send invitation').click();
  await expect(notice(page, 'The invitation is on its way.')).toBeVisible();
}

/** The links that were sent to an address, newest first, from the demo's mailbox page. */
async function links(page: Page, to: string, count: number): Promise<string[]> {
  const mailbox = await page.context().newPage();
  let found: string[] = [];
  await expect(async () => {
    await mailbox.goto('/demo/mailbox');
    const texts = await mailbox.getByRole('article').filter({ hasText: to }).allInnerTexts();
    found = texts.flatMap((text) => text.match(/http\S+\/invitation\/\S+/g) ?? []);
    expect(found).toHaveLength(count);
  }).toPass();
  await mailbox.close();
  return found;
}

test('an invited administrator chooses a password and signs in', async ({ page, demo, otherBrowser, pageProblems, expectAccessible }) => {
  pageProblems.allow(/status of (401|410|422)/);
  await signInAsAdmin(page);
  await page.goto(usersPath);
  await link(page, 'Add New').click();
  await expect(heading(page, 'Invite an administrator')).toBeVisible();
  await expectAccessible(page);
  await invite(page, usersPath, 'Bea <b>', 'Bea@people.example');
  await expect(row(page, 'bea@people.example')).toContainText('Bea <b>');

  const [address] = await links(page, 'bea@people.example', 1);
  expect(address).toContain(`${demo.url}/invitation/`);
  const other = await otherBrowser();
  await other.goto(address);
  await expect(heading(other, 'Invitation')).toBeVisible();
  await expect(other.getByRole('main')).toContainText('bea@people.example');
  await expectAccessible(other);
  for (const [password, reason] of [
    ['', 'Please fill this in.'],
    ['fourteen-chars', 'Use at least 15 characters.'],
    ['aaaaaaaaaaaaaaaa', 'This password is too common.'],
    ['x'.repeat(129), 'Use at most 128 characters.'],
  ]) {
    await fillIn(other, { Password: password });
    await button(other, 'Create account').click();
    await expectFieldProblem(other, 'Password', reason);
  }
  await fillIn(other, { Password: 'seven-lakes-walk-home' });
  await button(other, 'Create account').click();
  await expect(notice(other, 'Account created.')).toBeVisible();
  await signInAsAdmin(other, { email: 'bea@people.example', password: 'seven-lakes-walk-home' });

  await page.goto(usersPath);
  await expect(page.getByRole('region', { name: 'Pending invitations' })).toHaveCount(0);
  await expect(link(row(page, 'bea@people.example'), 'Edit')).toBeVisible();
  await other.goto(address);
  await expect(problem(other, 'This link has already been used, has expired or is not valid.')).toBeVisible();
});

test('an invited customer needs eight characters', scriptedOnly, async ({ page, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  await signInAsAdmin(page);
  await invite(page, customersPath, 'Ina', 'ina@people.example');
  const [address] = await links(page, 'ina@people.example', 1);
  const other = await otherBrowser();
  await other.goto(address);
  await fillIn(other, { Password: 'seven77' });
  await button(other, 'Create account').click();
  await expectFieldProblem(other, 'Password', 'Use at least 8 characters.');
  await fillIn(other, { Password: 'lake-9-home' });
  await button(other, 'Create account').click();
  await expect(notice(other, 'Account created.')).toBeVisible();
  await signIn(other, { email: 'ina@people.example', password: 'lake-9-home' });
});

test('an invitation is sent again and taken back', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 410/);
  await signInAsAdmin(page);
  await invite(page, customersPath, 'Ina', 'ina@people.example');
  const pending = page.getByRole('region', { name: 'Pending invitations' });
  const [first] = await links(page, 'ina@people.example', 1);
  await button(row(page, 'ina@people.example'), 'Send again').click();
  await expect(notice(page, 'The invitation is on its way.')).toBeVisible();
  const [second] = await links(page, 'ina@people.example', 2);
  expect(second).not.toBe(first);
  const reader = await page.context().newPage();
  await reader.goto(first);
  await expect(problem(reader, 'This link has already been used, has expired or is not valid.')).toBeVisible();
  await reader.goto(second);
  await expect(field(reader, 'Password')).toBeVisible();

  await button(row(page, 'ina@people.example'), 'Delete').click();
  await expect(notice(page, 'Invitation withdrawn.')).toBeVisible();
  await expect(pending).toHaveCount(0);
  await reader.goto(second);
  await expect(problem(reader, 'This link has already been used, has expired or is not valid.')).toBeVisible();
  await reader.goto('/invitation/guess');
  await expect(problem(reader, 'This link has already been used, has expired or is not valid.')).toBeVisible();
});

test.describe('without a service that sends', scriptedOnly, () => {
  test.use({ demoArgs: ['demo'] });

  test('the page says how to do without, and what was typed is kept', async ({ page, pageProblems }) => {
    pageProblems.allow(/status of 409/);
    await signInAsAdmin(page);
    await page.goto(`${usersPath}/new`);
    await expect(page.getByRole('main')).toContainText('countersign account create');
    await expect(link(page.getByRole('main'), 'Services')).toHaveAttribute('href', /services-manager\/services$/);
    await fillIn(page, { Name: 'Ina', Email: 'ina@people.example' });
    await button(page, 'Send invitation').click();
    await expect(problem(page, 'The invitation was not sent')).toBeVisible();
    await expectFilledIn(page, { Name: 'Ina', Email: 'ina@people.example' });
  });
});
