// What has to look the same whether a page was loaded or moved to.
import type { Page } from '@playwright/test';
import {
  ada,
  button,
  expectFilledIn,
  fillIn,
  heading,
  link,
  notice,
  openNewSmtpForm,
  problem,
  signInAsAdmin,
} from '../support/people';
import { createPerson, halves } from '../support/halves';
import { expect, test } from '../support/test';

/** What each path of the brand's sign is painted with. */
const paint = (page: Page) =>
  page.getByRole('banner').getByRole('link', { name: 'Configio' }).locator('svg path').evaluateAll((paths) =>
    paths.map((path) => {
      const { fill, stroke } = getComputedStyle(path);
      return { fill, stroke };
    }),
  );

test('the brand’s sign keeps its colours when the page is moved to another one', async ({ page }) => {
  await signInAsAdmin(page);
  const before = await paint(page);
  expect(before).toHaveLength(2);
  expect(before[0].fill).not.toBe('none');
  // To a frame that the browser renders by itself, and back to this one.
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(heading(page, 'Administrator sign-in')).toBeVisible();
  expect(await paint(page)).toEqual(before);
  await link(page, 'Forgot password?').click();
  await expect(heading(page, 'Forgot your password?')).toBeVisible();
  expect(await paint(page)).toEqual(before);
});

test('going back does not tell again what was done', async ({ page }) => {
  await page.goto('/login/forgot');
  await fillIn(page, { Email: 'nobody@people.example' });
  await button(page, 'Send link').click();
  await expect(notice(page, 'Check your inbox')).toBeVisible();
  await link(page, 'Back to sign-in').click();
  await expect(heading(page, 'Sign in to your account')).toBeVisible();
  await page.goBack();
  await expect(heading(page, 'Forgot your password?')).toBeVisible();
  await expect(notice(page, 'Check your inbox')).toHaveCount(0);
});

test('where the network is away, it says so and keeps what was typed', async ({ page, context, pageProblems }) => {
  pageProblems.allow(/ERR_INTERNET_DISCONNECTED/);
  await page.goto('/login/forgot');
  await fillIn(page, { Email: 'nobody@people.example' });
  await context.setOffline(true);
  await button(page, 'Send link').click();
  await expect(problem(page, "We can't reach the server.")).toBeVisible();
  await expectFilledIn(page, { Email: 'nobody@people.example' });
  await context.setOffline(false);
  await button(page, 'Send link').click();
  await expect(notice(page, 'Check your inbox')).toBeVisible();
});

test('the menu of a phone unfolds, and folds again on the next page', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsAdmin(page);
  const nav = page.getByRole('navigation', { name: 'Console' });
  await expect(link(nav, 'Customers')).toBeHidden();
  await page.getByText('Menu', { exact: true }).click();
  await link(nav, 'Customers').click();
  await expect(heading(page, 'Customers')).toBeVisible();
  await expect(link(nav, 'Customers')).toBeHidden();
});

test('before an idle session ends, the page warns and can keep it', async ({ page }) => {
  await page.clock.install();
  await signInAsAdmin(page);
  const stay = page.getByRole('button', { name: 'Stay signed in' });
  await page.clock.fastForward('57:00');
  await expect(stay).toBeHidden();
  await page.clock.fastForward('02:00');
  await expect(stay).toBeVisible();
  await stay.click();
  await expect(stay).toBeHidden();
});

test('what was typed when the session had ended stands there again after signing in, for the same person', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 401/);
  const [, admins] = halves;
  const other = await createPerson(demo, admins, 'other');
  for (const [person, title] of [
    [ada, 'Our messages'],
    [other, 'SMTP'],
  ] as const) {
    await signInAsAdmin(page);
    await openNewSmtpForm(page);
    await fillIn(page, { Title: 'Our messages', 'From address': 'robot@people.example', Password: 'plum' });
    await page.context().clearCookies({ name: /_session$/ });
    await button(page, 'Save').click();
    await expect(heading(page, 'Administrator sign-in')).toBeVisible();
    await fillIn(page, { Email: person.email, Password: person.password });
    await button(page, 'Log in').click();
    await expect(heading(page, 'New service provider: SMTP')).toBeVisible();
    await expectFilledIn(page, { Title: title, Password: '' });
  }
});
