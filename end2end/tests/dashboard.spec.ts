// The dashboard: who is protected, whether codes arrive, and what is left to do.
import type { Page } from '@playwright/test';
import { enrollHere, halves } from '../support/halves';
import {
  ada,
  button,
  carla,
  createAccount,
  createCustomer,
  deleteLastEntry,
  enroll,
  enterPassword,
  field,
  heading,
  link,
  problem,
  row,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { allowTo, configure, setUpMail } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const step = (page: Page, title: string) => part(page, 'Setup').getByRole('listitem').filter({ hasText: title });

async function openDashboard(page: Page): Promise<void> {
  await page.goto('/admin');
  await expect(heading(page, 'Dashboard')).toBeVisible();
}

test('the checklist leads through the set-up', async ({ page, demo, mailServer, expectAccessible }) => {
  await signInAsAdmin(page);
  await expect(part(page, 'Setup')).toContainText('1 of 9 steps done');
  await expect(step(page, 'Use HTTPS')).toContainText('Done');
  for (const [title, there] of [
    ['Add a service provider', 'Add a service provider'],
    ['Offer it as a secondary authentication', 'New secondary authentication'],
    ['Allow two-factor authentication for administrators', 'Two Factor Auth'],
    ['Create your recovery codes', 'Recovery Codes'],
    ['Require two-factor authentication for administrators', 'Configuration'],
    ['Invite a second administrator', 'Users'],
    ['Allow two-factor authentication for customers', 'Two Factor Auth'],
  ] as const) {
    await openDashboard(page);
    await expect(step(page, title)).toContainText(title === 'Add a service provider' ? 'Next' : 'To do');
    await link(part(page, 'Setup'), title).click();
    await expect(heading(page, there)).toBeVisible();
  }
  await openDashboard(page);
  await expectAccessible(page);

  await setUpMail(demo, mailServer);
  await allowTo(demo, 'admin');
  await createAccount(demo, 'admin', { email: 'grace@people.example', password: 'granite-ribbon-thistle' });
  await openDashboard(page);
  await expect(part(page, 'Setup')).toContainText('6 of 9 steps done');
  for (const title of ['Add a service provider', 'Allow two-factor authentication for customers', 'Invite a second administrator']) {
    await expect(step(page, title)).toContainText('Done');
    await expect(link(part(page, 'Setup'), title)).toHaveCount(0);
  }
  await link(part(page, 'Setup'), 'Set up your own second factor').click();
  await expect(heading(page, 'User Security')).toBeVisible();
});

test.describe('with mail set up', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('the figures follow what people do', async ({ page, demo, otherBrowser, expectAccessible }) => {
    await signInAsAdmin(page);
    const protection = part(page, 'Who is protected');
    await expect(protection).toContainText('0 of 2 accounts');
    await createCustomer(demo, 'pat');
    const customer = await otherBrowser();
    await signIn(customer, carla);
    await enroll(customer);
    await openDashboard(page);
    await expect(protection).toContainText('1 of 3 accounts');
    await expect(protection).toContainText('33%');
    await expect(protection.getByRole('img')).toHaveCount(0);

    await test.step('and are drawn from the second day on', async () => {
      await demo.restart(['demo', '--ready', '--days-ahead', '1']);
      await signInAsAdmin(page);
      const chart = protection.getByRole('img', { name: /^Line chart/ });
      await expect(chart).toBeVisible();
      await expect(chart).toHaveAccessibleName(/Customers: from 33% to 33%/);
      await protection.getByText('View as a table').click();
      await expect(protection.getByRole('row').filter({ hasText: '33% (1 of 3 accounts)' })).toHaveCount(2);
      await expectAccessible(page);
    });

    await test.step('on a narrow screen', async () => {
      await page.setViewportSize({ width: 320, height: 640 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, 'the page does not scroll sideways').toBeLessThanOrEqual(0);
    });
  });

  test('once everything is set up, one line says so', scriptedOnly, async ({ page, demo, expectAccessible }) => {
    const [, admins] = halves;
    await createAccount(demo, 'admin', { email: 'grace@people.example', password: 'granite-ribbon-thistle' });
    await signInAsAdmin(page);
    await enrollHere(page, admins);
    await button(page, 'Create recovery codes').click();
    await expect(heading(page, 'Recovery Codes')).toBeVisible();
    await openDashboard(page);
    await expect(part(page, 'Setup')).toContainText('8 of 9 steps done');
    await expect(page.getByText('Everything is set up.')).toHaveCount(0);
    await configure(demo, '[configuration]\nrequire_admin_two_factor = true\n');
    await openDashboard(page);
    await expect(page.getByText('Everything is set up.')).toBeVisible();
    await expect(part(page, 'Setup')).toHaveCount(0);
    await expectAccessible(page);
  });

  test('a failed sign-in leads to the account in the audit log', scriptedOnly, async ({ page, otherBrowser, pageProblems }) => {
    pageProblems.allow(/status of 401 .*\/api\/login\/log_in/);
    await signInAsAdmin(page);
    await expect(part(page, 'Failed sign-ins')).toContainText('No failed sign-ins.');
    const customer = await otherBrowser();
    await enterPassword(customer, { ...carla, password: 'certainly-not-it' });
    await expect(problem(customer, 'Wrong email or password.')).toBeVisible();
    await openDashboard(page);
    await expect(part(page, 'Failed sign-ins').getByRole('row').filter({ hasText: 'Sign-in with a wrong password' })).toContainText(
      carla.email,
    );
    await link(part(page, 'Failed sign-ins'), `Audit log of ${carla.email}`).click();
    await expect(heading(page, 'Audit log')).toBeVisible();
    await expect(field(page, 'Account')).toHaveValue(carla.email);
    await expect(row(page, 'Wrong password')).toHaveCount(1);
  });
});

test('a provider shows what its server answered last', async ({ page, demo, otherBrowser, mailServer, expectAccessible }) => {
  await signInAsAdmin(page);
  await expect(part(page, 'Service providers')).toContainText('No service providers yet.');
  await setUpMail(demo, mailServer);
  await openDashboard(page);
  const provider = part(page, 'Service providers').getByRole('row').filter({ hasText: 'Mail' });
  await expect(provider).toContainText('Active');

  const customer = await otherBrowser();
  await signIn(customer, carla);
  await enroll(customer, mailServer);
  // The notices of both changes go through the same server, which no longer takes the second one.
  mailServer.behaviour = 'refuse-recipient';
  await deleteLastEntry(customer, row(customer, 'c•••a@demo.example'));
  await expect(async () => {
    await openDashboard(page);
    await expect(part(page, 'Failed deliveries').getByRole('row').filter({ hasText: 'Security notice' }).first()).toContainText(
      'c•••a@demo.example',
      { timeout: 1_000 },
    );
  }).toPass({ timeout: 30_000 });
  await expect(provider).toContainText('The mail server rejected the recipient.');
  await expect(provider).toContainText('550');
  await link(part(page, 'Failed deliveries'), `Audit log of ${carla.email}`).first().click();
  await expect(field(page, 'Account')).toHaveValue(carla.email);
  await openDashboard(page);
  await expectAccessible(page);
});

test.describe('without https', scriptedOnly, () => {
  test.use({ demoEnv: { COUNTERSIGN_PUBLIC_URL: 'http://id.example.org' } });

  test('people who come from elsewhere are worth a warning', async ({ page }) => {
    await enterPassword(page, ada, '/admin/login');
    await expect(heading(page, 'Dashboard')).toBeVisible();
    await expect(page.getByText('People reach this server at')).toBeVisible();
    await expect(step(page, 'Use HTTPS')).toContainText('To do');
    await expect(step(page, 'Use HTTPS')).toContainText('COUNTERSIGN_PUBLIC_URL');
  });
});
