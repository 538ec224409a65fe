// The walkthrough of the design, steps 2 to 12, word for word.
import type { Page } from '@playwright/test';
import {
  ada,
  allowedSwitch,
  button,
  carla,
  codeSentTo,
  deleteLastEntry,
  enterPassword,
  expectCodeScreen,
  field,
  heading,
  lastCode,
  link,
  moment,
  notice,
  row,
  types,
} from '../support/people';
import type { MailServer } from '../support/smtp';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test' });
test.slow();

test('an administrator sets it up, and a customer uses it', async ({ page, otherBrowser }) => {
  const admin = await otherBrowser();
  await setUp(admin);
  await use(page, otherBrowser, lastCode);
});

test('the same with a mail server of one’s own', async ({ page, otherBrowser, mailServer }) => {
  const admin = await otherBrowser();
  await setUp(admin, mailServer);
  await use(page, otherBrowser, (page) => codeSentTo(mailServer, carla.email, page));
  expect(mailServer.mails).not.toHaveLength(0);
});

async function setUp(page: Page, mailServer?: MailServer) {
  await enterPassword(page, ada, '/admin/login');

  await test.step('2. register a service provider', async () => {
    await openServicesManager(page);
    await link(page, 'Services').click();
    await link(page, 'Add New').click();
    await link(page, 'Configio Service Provider').click();
    await link(page, 'SMTP').click();
    if (mailServer) {
      await field(page, 'Host').fill(mailServer.host);
      await field(page, 'Port').fill(String(mailServer.port));
      await field(page, 'Encryption').selectOption({ label: 'None' });
      await button(page, 'Send Test Message').click();
      await expect(notice(page, /Test message/)).toBeVisible();
      expect((await mailServer.waitForMail(ada.email)).subject).toBe('Test message from Configio');
    }
    await field(page, 'Title').fill('Our mail');
    await button(page, 'Save').click();
    await expect(row(page, 'Our mail')).toContainText('Active');
  });

  await test.step('3. offer it as a secondary authentication', async () => {
    await openServicesManager(page);
    await link(page, 'Secondary Auth').click();
    await link(page, 'Add New').click();
    await field(page, 'Service provider').selectOption({ label: 'Our mail' });
    await field(page, 'Title').fill('Email');
    await button(page, 'Save').click();
    await expect(row(page, 'Email')).toContainText('Our mail');
  });

  await test.step('4 and 5. allow it to administrators and customers', async () => {
    for (const section of ['Admin Authentication', 'Customer Authentication'] as const) {
      await openServicesManager(page);
      const region = page.getByRole('region', { name: section });
      await link(region, 'Two Factor Auth').click();
      const toggle = allowedSwitch(page, section);
      await expect(toggle).toHaveText('Inactive');
      await toggle.click();
      await expect(toggle).toHaveText('Active');
    }
  });
}

async function openServicesManager(page: Page) {
  const console = page.getByRole('navigation', { name: 'Console' });
  await link(console, 'Settings').click();
  await link(console, 'Setup').click();
  await link(console, 'Services Manager').click();
  await expect(heading(page, 'Services Manager')).toBeVisible();
}

async function use(page: Page, otherBrowser: () => Promise<Page>, code: (page: Page) => Promise<string>) {
  const trust = page.getByRole('checkbox', { name: 'Trust this device' });
  const logOut = async () => {
    await button(page, 'Log out').click();
    await expect(button(page, 'Log in')).toBeVisible();
  };

  await test.step('6. signs in as before', async () => {
    await enterPassword(page, carla);
    await expect(heading(page, 'Account Settings')).toBeVisible();
    await link(page, 'Two-Factor Authentication').click();
    await expect(heading(page, 'Two-Factor Authentication')).toBeVisible();
  });

  await test.step('7. enters the email address', async () => {
    await expect(types(page)).toHaveCount(0);
    await field(page, 'Email address').fill(carla.email);
    await button(page, 'Send Code').click();
  });

  await test.step('8. enters the code', async () => {
    await expectCodeScreen(page);
    await expect(button(page, 'Send New Code')).toBeVisible();
    await field(page, 'Verification Code').fill(await code(page));
    await button(page, 'Verify').click();
  });

  await test.step('9. sees the entry', async () => {
    const entries = page.getByRole('region', { name: 'Secondary Authentication Entries' });
    const entry = entries.getByRole('row').filter({ hasText: 'c•••a@demo.example' });
    await expect(entry).toContainText('Email');
    await expect(entry).toContainText(moment);
    await expect(entry).toContainText('Never');
    for (const name of ['Type', 'Destination', 'Added', 'Last used']) {
      await expect(entries.getByRole('columnheader', { name, exact: true })).toBeVisible();
    }
  });

  await test.step('10. is asked for a code at the next sign-in', async () => {
    await logOut();
    await enterPassword(page, carla);
    await expectCodeScreen(page);
    await expect(button(page, 'Send New Code')).toBeVisible();
    await trust.check();
    await field(page, 'Verification Code').fill(await code(page));
    await button(page, 'Verify').click();
    await expect(heading(page, 'Account Settings')).toBeVisible();
  });

  await test.step('11. is not asked again in this browser, but elsewhere', async () => {
    await logOut();
    await enterPassword(page, carla);
    await expect(heading(page, 'Account Settings')).toBeVisible();

    const other = await otherBrowser();
    await enterPassword(other, carla);
    await expectCodeScreen(other);

    await page.context().clearCookies();
    await enterPassword(page, carla);
    await expectCodeScreen(page);
    await expect(trust).not.toBeChecked();
  });

  await test.step('12. deletes the entry', async () => {
    await field(page, 'Verification Code').fill(await code(page));
    await button(page, 'Verify').click();
    await link(page, 'Two-Factor Authentication').click();
    const entry = row(page, 'c•••a@demo.example');
    await expect(entry).not.toContainText('Never');
    await deleteLastEntry(page, entry);
    await expect(entry).toHaveCount(0);

    await logOut();
    await enterPassword(page, carla);
    await expect(heading(page, 'Account Settings')).toBeVisible();
  });
}
