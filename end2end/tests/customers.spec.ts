// Customers: the list with its pages, and helping them.
import type { Page } from '@playwright/test';
import {
  button,
  carla,
  createCustomer,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectFilledIn,
  expectMail,
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
import { addEntry, endSession, giveCodeToo, givePassword } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

const customersPath = '/admin/customers';

test.use({ demoPer: 'test', demoArgs: ['demo', '--ready'] });

async function edit(page: Page, email: string) {
  await page.goto(`${customersPath}?search=${encodeURIComponent(email)}`);
  await link(row(page, email), 'Edit').click();
  await expect(page).toHaveURL(/\/customers\/[0-9a-f-]{36}$/);
  await expect(page.getByText(email).first()).toBeVisible();
}

test('the list finds people by the beginnings of their words', async ({ page, expectAccessible }) => {
  await signInAsAdmin(page);
  await link(page.getByRole('navigation', { name: 'Console' }), 'Customers').click();
  await expect(heading(page, 'Customers')).toBeVisible();
  await expect(row(page, carla.email)).toContainText('Not enrolled');
  await expect(row(page, 'admin@demo.example')).toHaveCount(0);
  await expectAccessible(page);
  const searchbox = page.getByRole('searchbox', { name: 'Search' });
  for (const [text, found] of [
    ['CARL', true],
    ['cust car', true],
    [carla.email, true],
    ['demo', true],
    ['arla', false],
    ['<script>alert(1)</script>', false],
    ['%', false],
  ] as const) {
    await searchbox.fill(text);
    await button(page, 'Search').click();
    await expect(row(page, carla.email)).toHaveCount(found ? 1 : 0);
    await expect(searchbox).toHaveValue(text);
    if (!found) await expect(page.getByText('No matches.')).toBeVisible();
  }
});

test('pages lead through the list and back', scriptedOnly, async ({ page, demo }) => {
  test.slow();
  for (let n = 0; n < 52; n += 4) {
    await Promise.all([0, 1, 2, 3].map((k) => createCustomer(demo, `pat${String(n + k).padStart(2, '0')}`)));
  }
  await signInAsAdmin(page);
  await page.goto(`${customersPath}?search=pat&sort=email`);
  await expect(notice(page, '52 accounts')).toBeVisible();
  await expect(page.getByRole('row')).toHaveCount(51);
  await expect(page.getByRole('row').nth(1)).toContainText('pat00@');
  await expect(link(page, 'Previous')).toHaveCount(0);
  await link(page, 'Next').click();
  await expect(page.getByRole('row').nth(1)).toContainText('pat50@');
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(link(page, 'Next')).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('row').nth(1)).toContainText('pat50@');
  await link(page, 'Previous').click();
  await expect(page.getByRole('row').nth(1)).toContainText('pat00@');
  await expect(link(page, 'Previous')).toHaveCount(0);
});

test('a customer’s sessions and trusted devices are ended', async ({ page, demo, otherBrowser }) => {
  const pat = await createCustomer(demo, 'pat');
  const other = await otherBrowser();
  await givePassword(other, 'customer', pat);
  await addEntry(other, 'customer');
  await endSession(other, 'customer');
  await giveCodeToo(other, 'customer', pat, { trust: true });

  await signInAsAdmin(page);
  await edit(page, pat.email);
  const devices = page.getByRole('region', { name: 'Trusted devices' });
  const sessions = page.getByRole('region', { name: 'Sessions' });
  await expect(sessions.getByRole('row')).toHaveCount(2);
  await link(page, 'Two-factor').click();
  await expect(devices.getByRole('row')).toHaveCount(2);
  await link(devices, 'Delete').click();
  await expect(heading(page, 'Revoke this trusted device?')).toBeVisible();
  await button(page, 'Revoke trusted devices').click();
  await expect(notice(page, 'Revoked.')).toBeVisible();
  await expect(devices).toContainText('No trusted devices.');

  await link(page, 'Details').click();
  await link(page, 'End all sessions').click();
  await expect(heading(page, 'End all sessions?')).toBeVisible();
  await button(page, 'End all sessions').click();
  await expect(notice(page, 'Signed out.')).toBeVisible();
  await expect(sessions).toContainText('Not signed in anywhere.');

  await other.goto('/account');
  await expect(button(other, 'Log in')).toBeVisible();
  await enterPassword(other, pat);
  await expectCodeScreen(other);
});

test('an account is deleted, after a question', async ({ page, demo, otherBrowser }) => {
  const lee = await createCustomer(demo, 'lee');
  const other = await otherBrowser();
  await givePassword(other, 'customer', lee);

  await signInAsAdmin(page);
  await edit(page, lee.email);
  await link(page, 'Delete account').click();
  await expect(heading(page, 'Delete this account?')).toBeVisible();
  await expect(page.getByText(lee.email)).toBeVisible();
  await button(page, 'Delete account').click();
  await expect(notice(page, 'Account deleted.')).toBeVisible();
  await page.goto(`${customersPath}?search=${encodeURIComponent(lee.email)}`);
  await expect(page.getByText('No matches.')).toBeVisible();
  await other.goto('/account');
  await expect(button(other, 'Log in')).toBeVisible();
});

test('a customer’s page is headed by the person, and its tabs have addresses of their own', async ({ page, demo, otherBrowser, expectAccessible }) => {
  const pat = await createCustomer(demo, 'tabs');
  const other = await otherBrowser();
  await givePassword(other, 'customer', pat);
  await addEntry(other, 'customer');
  await signInAsAdmin(page);
  await edit(page, pat.email);
  const tabs = page.getByRole('navigation', { name: 'Pages of this account' });
  const first = new URL(page.url()).pathname;
  for (const [name, path, region, text] of [
    ['Two-factor', `${first}/two-factor`, 'Secondary Authentication Entries', 't•••s@people.example'],
    ['Activity', `${first}/activity`, 'Recent activity', 'Signed in'],
    ['Details', first, 'Details', 'Can sign in'],
  ] as const) {
    await link(tabs, name).click();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByText(pat.email).first()).toBeVisible();
    await expect(link(tabs, name)).toHaveAttribute('aria-current', 'page');
    await expect(tabs.locator('[aria-current]')).toHaveCount(1);
    await expect(page.getByRole('region', { name: region, exact: true })).toContainText(text);
    await expectAccessible(page);
    await page.reload();
    await expect(link(tabs, name)).toHaveAttribute('aria-current', 'page');
  }
  await link(tabs, 'Two-factor').click();
  const factor = page.getByRole('region', { name: 'Two-factor', exact: true });
  await expect(factor).toContainText('Optional');
  await expect(factor).toContainText(/None left|\d+ left/);
});

test('a customer’s name and address are changed, and both addresses are told', async ({ page, demo, otherBrowser, pageProblems, expectAccessible }) => {
  pageProblems.allow(/status of (401|422)/);
  const pat = await createCustomer(demo, 'moved');
  const email = 'moved-new@people.example';
  const other = await otherBrowser();
  await givePassword(other, 'customer', pat);
  await signInAsAdmin(page);
  await edit(page, pat.email);
  await fillIn(page, { Name: '', Email: 'nonsense' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Name', 'Please fill this in.');
  await expectFieldProblem(page, 'Email', 'Enter an email address such as name@example.org.');
  await fillIn(page, { Name: '<i>Pat</i> Moved', Email: carla.email });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Email', 'already');
  await expectFilledIn(page, { Name: '<i>Pat</i> Moved', Email: carla.email });
  await expectAccessible(page);
  await fillIn(page, { Email: email });
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await expect(heading(page, '<i>Pat</i> Moved')).toBeVisible();
  for (const to of [pat.email, email]) await expectMail(page, to, 'Your email address was changed.');

  // Signed out at once; the old address opens nothing any more.
  await other.goto('/account');
  await expect(button(other, 'Log in')).toBeVisible();
  await enterPassword(other, pat);
  await expect(problem(other, 'Wrong email or password.')).toBeVisible();
  await signIn(other, { ...pat, email });
  await link(page, 'Activity').click();
  await expect(page.getByRole('region', { name: 'Recent activity' })).toContainText(`${pat.email} → ${email}`);
});

test('a paused password is unlocked', scriptedOnly, async ({ page, demo, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of 401/);
  const pat = await createCustomer(demo, 'pat');
  const other = await otherBrowser();
  for (let n = 0; n < 11; n++) {
    const form = { audience: 'customer', email: pat.email, password: 'wrong' };
    expect((await other.request.post('/api/login/log_in', { form })).status()).toBe(401);
  }
  await enterPassword(other, pat);
  await expect(problem(other, 'Wrong email or password.')).toBeVisible();

  await signInAsAdmin(page);
  await edit(page, pat.email);
  await expect(page.getByText('Password locked for a while after too many wrong ones')).toBeVisible();
  await link(page, 'Unlock').click();
  await button(page, 'Unlock').click();
  await expect(notice(page, 'Account unlocked.')).toBeVisible();
  await expect(link(page, 'Unlock')).toHaveCount(0);
  await signIn(other, pat);
});

test('enrolled and locked customers are found by the filter', scriptedOnly, async ({ page, otherBrowser, expectAccessible }) => {
  const other = await otherBrowser();
  await givePassword(other, 'customer', carla);
  await addEntry(other, 'customer');
  await signInAsAdmin(page);
  await page.goto(customersPath);
  await field(page, '2FA').selectOption({ label: 'Enrolled' });
  await button(page, 'Search').click();
  await expect(row(page, carla.email)).toContainText('Enrolled');
  await expect(page.getByRole('row')).toHaveCount(2);
  await link(row(page, carla.email), 'Edit').click();
  await link(page, 'Two-factor').click();
  await expect(page.getByRole('region', { name: 'Secondary Authentication Entries' })).toContainText('c•••a@demo.example');
  await expectAccessible(page);
  await page.goto(`${customersPath}?factor=not-enrolled`);
  await expect(row(page, 'conrad@demo.example')).toBeVisible();
  await expect(row(page, carla.email)).toHaveCount(0);
});

test('what is not there is said', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 404/);
  await signInAsAdmin(page);
  for (const path of ['nonsense', '00000000-0000-7000-8000-000000000000']) {
    await page.goto(`${customersPath}/${path}`);
    await expect(problem(page, "We can't find this.")).toBeVisible();
  }
  await page.goto(`${customersPath}/00000000-0000-7000-8000-000000000000/explode`);
  await expect(problem(page, "We can't find this.")).toBeVisible();
  await page.goto(`${customersPath}?after=nonsense&sort=nonsense&factor=nonsense&order=nonsense`);
  await expect(row(page, carla.email)).toBeVisible();
});
