// The audit log: what happened, newest first, narrowed by a filter, page by page, and as a file.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import {
  ada,
  button,
  carla,
  conrad,
  enterPassword,
  field,
  heading,
  link,
  moment,
  problem,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { chooseLanguage } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const events = (page: Page) => page.getByRole('table').getByRole('row');
const event = (page: Page, ...texts: string[]) =>
  texts.reduce((rows, text) => rows.filter({ hasText: text }), events(page));

async function failToSignIn(page: Page): Promise<void> {
  await enterPassword(page, { ...carla, password: 'certainly-not-it' });
  await expect(problem(page, 'Wrong email or password.')).toBeVisible();
}

test('what happened is found, and narrowed by account, action, outcome and time', async ({
  page,
  otherBrowser,
  expectAccessible,
  pageProblems,
}) => {
  pageProblems.allow(/status of 401 .*\/api\/login\/log_in/);
  const customer = await otherBrowser();
  await failToSignIn(customer);
  await signIn(customer, carla);
  await signIn(await otherBrowser(), conrad);

  await signInAsAdmin(page);
  await link(page.getByRole('navigation', { name: 'Console' }), 'Audit log').click();
  await expect(heading(page, 'Audit log')).toBeVisible();
  for (const name of ['Time (UTC)', 'Action', 'Account', 'Address', 'Outcome']) {
    await expect(page.getByRole('columnheader', { name, exact: true })).toBeVisible();
  }
  await expect(events(page).nth(1)).toContainText(ada.email);
  await expect(events(page).nth(1)).toContainText(moment);
  await expect(event(page, 'Sign-in with a wrong password', carla.email, 'Failure', '127.0.0.1')).toHaveCount(1);
  await expect(event(page, 'Signed in', conrad.email, 'Success')).toHaveCount(1);
  await expectAccessible(page);

  await test.step('by account', async () => {
    await field(page, 'Account').fill('carla@');
    await button(page, 'Filter').click();
    await expect(event(page, conrad.email)).toHaveCount(0);
    await expect(event(page, 'Signed in', carla.email)).toHaveCount(1);
    await expect(field(page, 'Account')).toHaveValue('carla@');
  });

  await test.step('by action and outcome', async () => {
    await field(page, 'Action').selectOption({ label: 'Sign-in with a wrong password' });
    await field(page, 'Outcome').selectOption({ label: 'Failure' });
    await button(page, 'Filter').click();
    await expect(events(page)).toHaveCount(2);
    await expect(event(page, 'Sign-in with a wrong password', carla.email)).toHaveCount(1);
    await expect(field(page, 'Action').locator('option:checked')).toHaveText('Sign-in with a wrong password');
    await field(page, 'Outcome').selectOption({ label: 'Success' });
    await button(page, 'Filter').click();
    await expect(page.getByText('No events match this filter.')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('by time', async () => {
    await link(page, 'Clear filter').click();
    await expect(field(page, 'Account')).toHaveValue('');
    await expect(event(page, conrad.email, 'Signed in')).toHaveCount(1);
    await expect(link(page, 'Clear filter')).toHaveCount(0);
    await field(page, 'From').fill('2100-01-01');
    await button(page, 'Filter').click();
    await expect(page.getByText('No events match this filter.')).toBeVisible();
    await field(page, 'From').fill('2000-01-01');
    await field(page, 'To').fill('2100-01-01');
    await button(page, 'Filter').click();
    await expect(event(page, conrad.email, 'Signed in')).toHaveCount(1);
  });

  await test.step('on a narrow screen', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, 'the page does not scroll sideways').toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
});

test('a long log is read page by page', scriptedOnly, async ({ page }) => {
  test.slow();
  for (let n = 0; n < 60; n++) {
    const form = { audience: 'customer', email: `nobody${n}@people.example`, password: 'x' };
    await page.request.post('/api/login/log_in', { form });
  }
  await signInAsAdmin(page);
  await page.goto('/admin/audit');
  await expect(events(page)).toHaveCount(51);
  await expect(link(page, 'Newer')).toHaveCount(0);
  const newest = await events(page).nth(1).innerText();
  await link(page, 'Older').click();
  await expect(page).toHaveURL(/before=/);
  await expect(link(page, 'Newer')).toBeVisible();
  await expect(link(page, 'Older')).toHaveCount(0);
  await expect(event(page, 'Account created', ada.email)).toHaveCount(1);
  await link(page, 'Newer').click();
  await expect(events(page)).toHaveCount(51);
  expect(await events(page).nth(1).innerText()).toBe(newest);
});

test('the log is downloaded as CSV, with the filter that is set', async ({ page, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of 401 .*\/api\/login\/log_in/);
  await failToSignIn(await otherBrowser());
  await signInAsAdmin(page);
  await page.goto('/admin/audit?action=password_refused');
  await expect(event(page, 'Sign-in with a wrong password', carla.email)).toHaveCount(1);
  const coming = page.waitForEvent('download');
  await link(page, 'Export CSV').click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toBe('id,time_utc,action,account,about,address,outcome,details');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('password_refused');
  expect(lines[1]).toContain(carla.email);

  await page.goto('/admin/audit');
  await expect(event(page, 'Audit log exported', ada.email, 'action: password_refused')).toHaveCount(1);
});

test('the log is for administrators', scriptedOnly, async ({ page, pageProblems }) => {
  await signIn(page, carla);
  for (const path of ['/admin/audit', '/admin/audit.csv']) {
    await page.goto(path);
    await expect(heading(page, 'Administrator sign-in')).toBeVisible();
  }
  pageProblems.allow(/status of 40[13]/);
  const answer = await page.request.post('/api/audit/list', { form: { 'query[account]': '' } });
  expect(answer.status()).toBe(403);
});

test('details are said in the language of who reads them', async ({ page, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of 401 .*\/api\/login\/log_in/);
  await failToSignIn(await otherBrowser());
  await signInAsAdmin(page);
  await chooseLanguage(page, 'de', 'admin');
  await page.goto('/admin/audit');
  await expect(event(page, carla.email).first()).toContainText('Kunde, falsches Passwort');
});
