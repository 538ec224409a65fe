// Two-factor authentication per audience.
import {
  ada,
  allow,
  allowedSwitch,
  button,
  carla,
  enroll,
  enterPassword,
  expectCodeScreen,
  heading,
  link,
  managerPath,
  notice,
  row,
  servicesPath,
  signIn,
  signInAsAdmin,
  twoFactorAuthPath,
} from '../support/people';
import { addMail, allowTo, offer } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const nothingUsable = /People can't set it up yet/;

test('each audience has its own switch, which says its state', async ({ page }) => {
  await signInAsAdmin(page);
  const section = (name: string) => page.getByRole('region', { name });
  const customers = allowedSwitch(page, 'Customer Authentication');
  await page.goto(managerPath);
  for (const name of ['Admin Authentication', 'Customer Authentication']) {
    await expect(section(name)).toContainText('Inactive');
  }
  await link(section('Customer Authentication'), 'Two Factor Auth').click();
  await expect(heading(page, 'Two Factor Auth')).toBeVisible();
  await expect(customers).toHaveText('Inactive');
  await expect(customers).not.toBeChecked();
  await customers.click();
  await expect(notice(page, 'Two-factor authentication is on.')).toBeVisible();
  await expect(customers).toHaveText('Active');
  await expect(customers).toBeChecked();
  await page.goto(managerPath);
  await expect(section('Customer Authentication')).not.toContainText('Inactive');
  await expect(section('Admin Authentication')).toContainText('Inactive');

  await test.step('it is turned off by the answer to a question, which Cancel leaves', async () => {
    await link(section('Customer Authentication'), 'Two Factor Auth').click();
    await expect(customers).toBeChecked();
    await customers.press('Space');
    await expect(heading(page, 'Turn off two-factor authentication for customers?')).toBeVisible();
    await link(page, 'Cancel').click();
    await expect(customers).toBeChecked();
    await customers.click();
    await button(page, 'Turn Off').click();
    await expect(notice(page, 'Two-factor authentication is off.')).toBeVisible();
    await expect(customers).not.toBeChecked();
  });

  await test.step('and taken back by Undo', async () => {
    await button(page, 'Undo').click();
    await expect(notice(page, 'Two-factor authentication is on.')).toBeVisible();
    await expect(customers).toBeChecked();
  });
});

test('the page tells where people cannot use what is allowed', async ({ page, demo, mailServer }) => {
  await signInAsAdmin(page);
  await allow(page, 'Customer Authentication');
  await page.goto(managerPath);
  const customers = page.getByRole('region', { name: 'Customer Authentication' });
  await expect(customers.getByText(nothingUsable)).toBeVisible();
  await expect(page.getByRole('region', { name: 'Admin Authentication' }).getByText(nothingUsable)).toHaveCount(0);

  await addMail(demo, mailServer);
  await page.goto(managerPath);
  await expect(customers.getByText(nothingUsable)).toBeVisible();
  await offer(demo, 'Mail', 'Email');
  await page.goto(managerPath);
  await expect(page.getByText('1 active service provider')).toBeVisible();
  await expect(page.getByText('1 ready to use')).toBeVisible();
  await expect(customers.getByText(nothingUsable)).toHaveCount(0);

  await page.goto(servicesPath);
  await button(row(page, 'Mail'), 'Deactivate').click();
  await expect(notice(page, 'Service provider deactivated.')).toBeVisible();
  await page.goto(managerPath);
  await expect(customers.getByText(nothingUsable)).toBeVisible();
});

test('customers see nothing of it before it is allowed', scriptedOnly, async ({ page, demo }) => {
  await signIn(page, carla);
  await expect(link(page, 'Two-Factor Authentication')).toHaveCount(0);
  await allowTo(demo, 'customer');
  await page.reload();
  await link(page, 'Two-Factor Authentication').click();
  await expect(page.getByText('Two-factor authentication is not available yet.')).toBeVisible();
});

test.describe('with people who use it', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('the page counts them, and a service that is switched off asks nobody', async ({ page, otherBrowser }) => {
    await signIn(page, carla);
    await enroll(page);
    const admin = await otherBrowser();
    await signInAsAdmin(admin);
    await admin.goto(managerPath);
    const customers = admin.getByRole('region', { name: 'Customer Authentication' });
    await expect(customers.getByText('1 account has a second factor and is asked for it')).toBeVisible();
    await link(customers, 'Two Factor Auth').click();
    await allowedSwitch(admin, 'Customer Authentication').click();
    await expect(admin.getByText('1 account has a second factor. It will sign in with only a password.')).toBeVisible();
    await link(admin, 'Cancel').click();
    await expect(allowedSwitch(admin, 'Customer Authentication')).toHaveText('Active');

    await admin.goto(servicesPath);
    await link(row(admin, 'SMTP'), 'Edit').click();
    await expect(admin.getByText('1 account receives codes through this service provider.')).toBeVisible();
    await admin.goto(servicesPath);
    await button(row(admin, 'SMTP'), 'Deactivate').click();
    await expect(heading(admin, 'Deactivate this service provider?')).toBeVisible();
    await button(admin, 'Deactivate').click();
    await expect(notice(admin, 'Service provider deactivated.')).toBeVisible();

    await page.goto('/account/two-factor');
    await expect(row(page, 'c•••a@demo.example')).toContainText('Unavailable');
    const elsewhere = await otherBrowser();
    await signIn(elsewhere, carla);

    await button(row(admin, 'SMTP'), 'Activate').click();
    await expect(notice(admin, 'Service provider activated.')).toBeVisible();
    await enterPassword(elsewhere, carla);
    await expectCodeScreen(elsewhere);
  });

  test('the switch for administrators is theirs alone', scriptedOnly, async ({ page }) => {
    await signInAsAdmin(page);
    await allow(page, 'Admin Authentication', false);
    await enterPassword(page, ada, '/admin/login');
    await expect(heading(page, 'Dashboard')).toBeVisible();
    await page.goto(twoFactorAuthPath('Customer Authentication'));
    await expect(allowedSwitch(page, 'Customer Authentication')).toHaveText('Active');
  });

  test('customers cannot call what administrators call', scriptedOnly, async ({ page }) => {
    await signIn(page, carla);
    for (const [path, form] of [
      ['policy/set_allowed', { audience: 'customer', allowed: 'false' }],
      ['policy/overview', {}],
      ['services/list', {}],
      ['services/get', { id: '' }],
      ['secondary_auth/list', {}],
    ] as [string, Record<string, string>][]) {
      const answer = await page.request.post(`/api/${path}`, { form });
      expect(answer.status(), path).toBe(403);
    }
    await page.goto('/account');
    await expect(link(page, 'Two-Factor Authentication')).toBeVisible();
  });
});
