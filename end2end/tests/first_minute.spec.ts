// The first minute of an installation: from the link that `serve` prints on an empty database to administrators who are
// protected, along what the pages name as the next step.
import type { Page } from '@playwright/test';
import {
  allowedSwitch,
  button,
  codeSentTo,
  enterCode,
  expectCodeScreen,
  field,
  fillIn,
  fillInMailServer,
  heading,
  link,
  notice,
  type Person,
  row,
  settingRow,
} from '../support/people';
import { chooseLanguage } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['serve'], demoPer: 'test' });
test.describe.configure({ timeout: 120_000 });

const fay: Person = { email: 'fay@people.example', password: 'saddle-quarry-ember-lake' };
const requirement = 'Require Secondary Authentication (2FA) for Admin Users';

const setUp = (page: Page) => page.getByRole('region', { name: 'Setup', exact: true });

/** The step that stands out on the dashboard. */
async function expectNext(page: Page, done: number, title: string): Promise<void> {
  await expect(heading(page, 'Dashboard')).toBeVisible();
  const progress = setUp(page).getByRole('progressbar', { name: `${done} of 9 steps done` });
  await expect(progress).toHaveAttribute('value', String(done));
  const next = setUp(page).locator('[aria-current=step]');
  await expect(next).toHaveCount(1);
  await expect(next).toContainText('Next');
  await expect(link(next, title)).toBeVisible();
}

/** The line on other pages, which leads to the next step. */
async function expectLed(page: Page, done: number, title: string): Promise<void> {
  await expect(page.getByText(`Setup: ${done} of 9 steps done.`)).toBeVisible();
  await expect(link(page, `Next: ${title}`)).toBeVisible();
}

/** The narrowest screen, in the language with the longest words, holds the page. */
async function expectToFit(page: Page, expectAccessible: (page: Page) => Promise<void>): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  await chooseLanguage(page, 'de', 'admin');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme });
    await page.reload();
    await expect(page.getByText(/Jetzt|Als Nächstes/).first()).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${page.url()} does not scroll sideways`).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  }
  await chooseLanguage(page, 'en', 'admin');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
  await page.reload();
}

test('each step leads to the next one', async ({ page, demo, mailServer, expectAccessible }) => {
  await test.step('the first administrator', async () => {
    const [, path = ''] = await demo.waitForOutput(/http:\/\/127\.0\.0\.1:\d+(\/setup\/\S+)/);
    await page.goto(path);
    await fillIn(page, { Name: 'Fay First', Email: fay.email, Password: fay.password });
    await button(page, 'Create administrator').click();
    await expect(notice(page, 'Administrator created. You can sign in now.')).toBeVisible();
    await fillIn(page, { Email: fay.email, Password: fay.password });
    await button(page, 'Log in').click();
    await expectNext(page, 1, 'Add a service provider');
    await expect(setUp(page)).toContainText('Welcome. These steps set up two-factor authentication');
    await expectToFit(page, expectAccessible);
  });

  await test.step('the mail server, with a live test', async () => {
    await link(setUp(page), 'Add a service provider').click();
    await expect(heading(page, 'Add a service provider')).toBeVisible();
    await expect(page.getByText('Now: Add a service provider')).toBeVisible();
    await link(page, 'Configio Service Provider').click();
    await link(page, 'SMTP').click();
    await fillInMailServer(page, mailServer);
    await button(page, 'Send Test Message').click();
    await expect(notice(page, /Test message/)).toBeVisible();
    expect((await mailServer.waitForMail(fay.email)).subject).toBe('Test message from Configio');
    // What was only tried is not done.
    await expect(page.getByText('Setup: 1 of 9 steps done.')).toBeVisible();
    await button(page, 'Save').click();
    await expect(notice(page, 'Saved.')).toBeVisible();
    await expectLed(page, 2, 'Offer it as a secondary authentication');
    await expectToFit(page, expectAccessible);
  });

  await test.step('what was done is still known after a restart, and the list goes on from there', async () => {
    await page.goto('about:blank');
    await demo.restart(['serve']);
    await page.goto('/admin');
    await expectNext(page, 2, 'Offer it as a secondary authentication');
    await expect(setUp(page)).not.toContainText('Welcome.');
    // Looking after people has nothing to do with it.
    await page.goto('/admin/customers');
    await expect(heading(page, 'Customers')).toBeVisible();
    await expect(page.getByText(/^Setup: /)).toHaveCount(0);
    await page.goto('/admin');
  });

  await test.step('offering it', async () => {
    await link(setUp(page), 'Offer it as a secondary authentication').click();
    await field(page, 'Service provider').selectOption({ label: 'SMTP' });
    await fillIn(page, { Title: 'Email' });
    await button(page, 'Save').click();
    await expect(notice(page, 'Saved.')).toBeVisible();
    await expectLed(page, 3, 'Allow two-factor authentication for administrators');
  });

  await test.step('allowing it', async () => {
    await link(page, 'Next: Allow two-factor authentication for administrators').click();
    await expect(page.getByText('Now: Allow two-factor authentication for administrators')).toBeVisible();
    const toggle = allowedSwitch(page, 'Admin Authentication');
    await toggle.click();
    await expect(toggle).toHaveText('Active');
    await expectLed(page, 4, 'Set up your own second factor');
  });

  await test.step('a second factor of one’s own', async () => {
    await link(page, 'Next: Set up your own second factor').click();
    await expect(heading(page, 'User Security')).toBeVisible();
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await expect(page.getByText('Now: Set up your own second factor')).toBeVisible();
    await enterCode(page, await codeSentTo(mailServer, fay.email, page));
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
    await expect(row(page, 'f•••@people.example')).toContainText('Email');
    await expectLed(page, 5, 'Create your recovery codes');
  });

  await test.step('recovery codes, which end the leading', async () => {
    await link(page, 'Next: Create your recovery codes').click();
    await expect(heading(page, 'Recovery Codes')).toBeVisible();
    await button(page, 'Create recovery codes').click();
    await expect(page.getByRole('region', { name: 'Your new recovery codes' }).getByRole('listitem')).toHaveCount(10);
    await button(page, 'I have saved these').click();
    await expect(notice(page, 'Your recovery codes are ready')).toBeVisible();
    await expect(page.getByText(/^Setup: /)).toHaveCount(0);
    await expect(page.getByRole('link', { name: /^Next: / })).toHaveCount(0);
  });

  await test.step('requiring it', async () => {
    await page.goto('/admin');
    await expectNext(page, 6, 'Require two-factor authentication for administrators');
    await link(setUp(page), 'Require two-factor authentication for administrators').click();
    const toggle = page.getByRole('switch', { name: requirement, exact: true });
    await toggle.click();
    await expect(toggle).toHaveText('ON');
    await button(settingRow(page, requirement), 'Save').click();
    await expect(notice(page, 'Saved.')).toBeVisible();
    await page.goto('/admin');
    await expectNext(page, 7, 'Invite a second administrator');
    await expect(link(setUp(page), 'Allow two-factor authentication for customers')).toBeVisible();
    await expectAccessible(page);
  });
});
