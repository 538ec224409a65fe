// `countersign demo`: sample accounts and the mailbox page.
import type { Page } from '@playwright/test';
import {
  ada,
  allowedSwitch,
  askForEntryCode,
  carla,
  conrad,
  createCustomer,
  expectCodeScreen,
  link,
  heading,
  notice,
  openNewSmtpForm,
  button,
  row,
  secondaryAuthPath,
  servicesPath,
  signIn,
  signInAsAdmin,
  twoFactorAuthPath,
} from '../support/people';
import { codeIn } from '../support/mailbox';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const mails = (page: Page) => page.getByRole('article');

test('it prints its accounts and its mailbox, and they work', scriptedOnly, async ({ page, demo }) => {
  for (const { email, password } of [ada, carla, conrad]) {
    await demo.waitForOutput(new RegExp(`${email}\\s+${password}`));
  }
  await demo.waitForOutput(new RegExp(`${demo.url}/demo/mailbox`));
  await signInAsAdmin(page);
  await signIn(page, carla);
  await signIn(page, conrad);
});

test('a new SMTP service leads to the mailbox by itself', async ({ page }) => {
  await page.goto('/demo/mailbox');
  await expect(heading(page, 'Mailbox')).toBeVisible();
  await expect(page.getByText('No messages yet.')).toBeVisible();
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  await expect(page.getByText('The test message goes to your own email address.')).toBeVisible();
  await button(page, 'Send Test Message').click();
  await expect(notice(page, /Test message/)).toBeVisible();
  await page.goto('/demo/mailbox');
  await expect(mails(page)).toHaveCount(1);
  await expect(mails(page).getByRole('heading')).toHaveText('Test message from Configio');
});

test.describe('--ready', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('has everything set up', async ({ page }) => {
    await signInAsAdmin(page);
    await page.goto(servicesPath);
    await expect(row(page, 'SMTP')).toContainText('Active');
    await page.goto(secondaryAuthPath);
    await expect(row(page, 'Email')).toContainText('SMTP');
    for (const section of ['Admin Authentication', 'Customer Authentication'] as const) {
      await page.goto(twoFactorAuthPath(section));
      await expect(allowedSwitch(page, section)).toHaveText('Active');
    }
  });

  test('starts again on what was changed', scriptedOnly, async ({ page, demo }) => {
    const person = await createCustomer(demo, 'staying');
    await demo.restart(['demo', '--ready']);
    await signIn(page, person);
    await askForEntryCode(page);
    await expectCodeScreen(page);
    await signInAsAdmin(page);
    await page.goto(servicesPath);
    await expect(row(page, 'SMTP')).toHaveCount(1);
  });

  test('the mailbox shows the newest first', async ({ page, otherBrowser, javaScriptEnabled }) => {
    // Without JavaScript a link looks for new messages; with it they appear by themselves.
    const look = async () => {
      if (javaScriptEnabled === false) await link(page, 'Check for new messages').click();
      else await expect(link(page, 'Check for new messages')).toHaveCount(0);
    };
    const customer = await otherBrowser();
    await page.goto('/demo/mailbox');
    await expect(mails(page)).toHaveCount(0);
    await signIn(customer, carla);
    await askForEntryCode(customer, 'older@people.example');
    await expectCodeScreen(customer);
    await look();
    await expect(mails(page)).toHaveCount(1);
    await askForEntryCode(customer, 'newer@people.example');
    await expectCodeScreen(customer);
    await look();
    await expect(mails(page)).toHaveCount(2);
    await expect(mails(page).first()).toContainText('newer@people.example');
    await expect(mails(page).last()).toContainText('older@people.example');
  });

  test('a message can be seen as a mail program shows it', async ({ page, pageProblems }) => {
    // The page has no script; Playwright's own are refused.
    pageProblems.allow(/Blocked script execution in .*\/demo\/mailbox\/1/);
    await signIn(page, carla);
    await askForEntryCode(page);
    await expectCodeScreen(page);
    await page.goto('/demo/mailbox');
    const code = codeIn(await mails(page).innerText());
    await page.getByRole('link', { name: 'HTML version of message 1' }).click();
    await expect(page.getByText(code, { exact: true })).toBeVisible();
    await expect(page.getByText('is your verification code for Configio')).toBeVisible();
    await expect(page.getByRole('link')).toHaveCount(0);
  });
});
