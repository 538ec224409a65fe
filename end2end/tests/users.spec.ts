// Administrators: the list, one's own account, and what one can do about somebody else's.
import type { Page } from '@playwright/test';
import {
  ada,
  button,
  createAccount,
  enterCode,
  enterPassword,
  expectCodeScreen,
  field,
  fillIn,
  heading,
  lastCode,
  link,
  moment,
  notice,
  type Person,
  problem,
  row,
  signInAsAdmin,
} from '../support/people';
import { addEntry, givePassword } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

const usersPath = '/admin/settings/setup/users';

// A test's own second administrator, with the fifteen characters that one needs.
const bea: Person = { email: 'bea@people.example', password: 'granite-ribbon-thistle' };

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });

async function openUsers(page: Page) {
  const console = page.getByRole('navigation', { name: 'Console' });
  await link(console, 'Settings').click();
  await link(console, 'Setup').click();
  await link(console, 'Users').click();
  await expect(heading(page, 'Users')).toBeVisible();
}

/** The page of a person, which is headed by the name. */
const personPage = /\/users\/[0-9a-f-]{36}(\?|$)/;

async function edit(page: Page, email: string) {
  await page.goto(usersPath);
  await link(row(page, email), 'Edit').click();
  await expect(page).toHaveURL(personPage);
}

test('the list names every administrator and leads to the account', async ({ page, expectAccessible }) => {
  await signInAsAdmin(page);
  await openUsers(page);
  for (const name of ['Name', 'Email', '2FA', 'Last sign-in', 'Created', 'Actions']) {
    await expect(page.getByRole('columnheader', { name, exact: true })).toBeVisible();
  }
  const mine = row(page, ada.email);
  await expect(mine).toContainText('Not enrolled');
  await expect(mine).toContainText(moment);
  await expect(notice(page, '1 account')).toBeVisible();
  await expect(row(page, 'carla@demo.example')).toHaveCount(0);
  await expectAccessible(page);
  await link(mine, 'Edit').click();
  await expect(page).toHaveURL(personPage);
  await expectAccessible(page);
});

test('on one’s own account one enrolls', async ({ page }) => {
  await signInAsAdmin(page);
  await edit(page, ada.email);
  await expect(link(page, 'Disable')).toHaveCount(0);
  await fillIn(page, { 'Email address': ada.email });
  await button(page, 'Send Code').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await page.goto(usersPath);
  await expect(row(page, ada.email)).toContainText('Enrolled');
  await edit(page, ada.email);
  await expect(page.getByRole('region', { name: 'Secondary Authentication Entries' })).toContainText('a•••n@demo.example');
});

test('one changes one’s own name', async ({ page }) => {
  await signInAsAdmin(page);
  await edit(page, ada.email);
  await fillIn(page, { Name: '<i>Ada</i> Lovelace' });
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await page.goto(`${usersPath}?search=lovelace`);
  await expect(row(page, ada.email)).toContainText('<i>Ada</i> Lovelace');
});

test('an administrator is disabled and enabled again', async ({ page, demo, otherBrowser, pageProblems, expectAccessible }) => {
  pageProblems.allow(/status of 401/);
  await createAccount(demo, 'admin', bea);
  const other = await otherBrowser();
  await signInAsAdmin(other, bea);
  await signInAsAdmin(page);
  await edit(page, bea.email);
  await expect(page.getByRole('region', { name: 'Sessions' }).getByRole('row')).toHaveCount(2);
  await link(page, 'Disable').click();
  await expect(heading(page, 'Disable this account?')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(bea.email);
  await expectAccessible(page);
  await link(page, 'Cancel').click();
  await link(page, 'Disable').click();
  await button(page, 'Disable').click();
  await expect(notice(page, 'Account disabled.')).toBeVisible();
  await expect(page.getByText(new RegExp(`Disabled since ${moment.source} UTC`))).toBeVisible();
  await page.goto(usersPath);
  await expect(row(page, bea.email)).toContainText('Disabled');

  // Signed out at once, and not let in again.
  await other.goto('/admin');
  await expect(button(other, 'Log in')).toBeVisible();
  await enterPassword(other, bea, '/admin/login');
  await expect(problem(other, 'Wrong email or password.')).toBeVisible();

  await edit(page, bea.email);
  await link(page, 'Enable').click();
  await button(page, 'Enable').click();
  await expect(notice(page, 'Account enabled.')).toBeVisible();
  await signInAsAdmin(other, bea);
});

test('one’s own address is not changed here', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of (403|409)/);
  await signInAsAdmin(page);
  await edit(page, ada.email);
  await expect(field(page, 'Name')).toBeVisible();
  await expect(field(page, 'Email')).toHaveCount(0);
  const id = new URL(page.url()).pathname.split('/').pop() ?? '';
  const form = { audience: 'admin', id, name: 'Ada', email: 'mallory@people.example' };
  const answer = await page.request.post('/api/users/change', { form });
  expect(answer.status()).toBe(409);
});

test('the last administrator who can sign in is not disabled', scriptedOnly, async ({ page, demo, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of (401|403|409)/);
  await createAccount(demo, 'admin', bea);
  const other = await otherBrowser();
  await signInAsAdmin(other, bea);
  await signInAsAdmin(page);
  // Both have the question on their screens.
  await edit(page, bea.email);
  await link(page, 'Disable').click();
  await edit(other, ada.email);
  await link(other, 'Disable').click();
  await expect(heading(other, 'Disable this account?')).toBeVisible();
  await button(page, 'Disable').click();
  await expect(notice(page, 'Account disabled.')).toBeVisible();
  // Bea is not signed in any more, so nothing happens to Ada.
  await button(other, 'Disable').click();
  await expect(notice(other, 'Account disabled.')).toHaveCount(0);
  await page.reload();
  await expect(page).toHaveURL(personPage);

  // One's own page is no way either, not even by its address.
  await edit(page, ada.email);
  await page.goto(`${new URL(page.url()).pathname}/disable`);
  await button(page, 'Disable').click();
  await expect(problem(page, 'This is your own account.')).toBeVisible();
});

test('a lost second factor is reset, and restored', async ({ page, demo, otherBrowser, expectAccessible }) => {
  await createAccount(demo, 'admin', bea);
  const other = await otherBrowser();
  await givePassword(other, 'admin', bea);
  await addEntry(other, 'admin');

  await signInAsAdmin(page);
  await edit(page, bea.email);
  await link(page, 'Two-factor').click();
  const entries = page.getByRole('region', { name: 'Secondary Authentication Entries' });
  await expect(entries).toContainText('b•••@people.example');
  await expect(button(entries, 'Delete')).toHaveCount(0);
  await link(page, 'Reset 2FA').click();
  await button(page, 'Reset 2FA').click();
  await expect(notice(page, 'Second factor reset.')).toBeVisible();
  await expect(entries).toContainText('No sign-in method');

  const third = await otherBrowser();
  await signInAsAdmin(third, bea);

  // It was not lost after all.
  const deleted = page.getByRole('region', { name: 'Deleted in the last day' });
  await expect(deleted).toContainText('b•••@people.example');
  await expectAccessible(page);
  await link(deleted, 'Restore').click();
  await expect(heading(page, 'Restore this sign-in method?')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(bea.email);
  await button(page, 'Restore').click();
  await expect(notice(page, 'Restored.')).toBeVisible();
  await expect(entries).toContainText('b•••@people.example');
  await expect(deleted).toHaveCount(0);
  await enterPassword(third, bea, '/admin/login');
  await expectCodeScreen(third);
});

test('search, filter and order are in the address', scriptedOnly, async ({ page, demo }) => {
  await createAccount(demo, 'admin', bea);
  await signInAsAdmin(page);
  await openUsers(page);
  await page.getByRole('searchbox', { name: 'Search' }).fill('be');
  await button(page, 'Search').click();
  await expect(row(page, bea.email)).toBeVisible();
  await expect(row(page, ada.email)).toHaveCount(0);
  expect(new URL(page.url()).searchParams.get('search')).toBe('be');
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('be');

  await field(page, '2FA').selectOption({ label: 'Locked' });
  await button(page, 'Search').click();
  await expect(page.getByText('No matches.')).toBeVisible();
  await link(page, 'Show all').click();
  await expect(row(page, ada.email)).toBeVisible();

  const email = page.getByRole('columnheader', { name: 'Email', exact: true });
  await link(email, 'Email').click();
  await expect(email).toHaveAttribute('aria-sort', 'ascending');
  await expect(page.getByRole('row').nth(1)).toContainText(ada.email);
  await link(email, 'Email').click();
  await expect(email).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('row').nth(1)).toContainText(bea.email);
  await page.reload();
  await expect(email).toHaveAttribute('aria-sort', 'descending');
});

test('with a mail server of one’s own the person is told', scriptedOnly, async ({ page, demo, mailServer }) => {
  await createAccount(demo, 'admin', bea);
  await signInAsAdmin(page);
  // Notices leave by the oldest service that sends mail, so that one is led to the other server.
  await page.goto('/admin/settings/setup/services-manager/services');
  await link(row(page, 'SMTP'), 'Edit').click();
  await fillIn(page, { Host: mailServer.host, Port: String(mailServer.port), Encryption: 'None' });
  await button(page, 'Save').click();
  await edit(page, bea.email);
  await link(page, 'Disable').click();
  await button(page, 'Disable').click();
  await expect(notice(page, 'Account disabled.')).toBeVisible();
  let mail = await mailServer.waitForMail(bea.email);
  // As an administrator Bea is told of the server that was changed, too.
  while (mail.subject !== 'Security notice from Configio') mail = await mailServer.waitForMail(bea.email);
  expect(mail.text).toContain('An administrator disabled your account.');
  expect(mail.html).not.toContain('href');
});
