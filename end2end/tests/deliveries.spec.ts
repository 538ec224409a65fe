// Deliveries: what became of the messages, for administrators.
import type { Page } from '@playwright/test';
import {
  askForEntryCode,
  button,
  codeSentTo,
  createCustomer,
  deliveriesPath,
  enterCode,
  field,
  heading,
  link,
  managerPath,
  notice,
  problem,
  row,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { setUpMail } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const state = async (page: Page, label: string) => {
  await field(page, 'Status').selectOption({ label });
  await button(page, 'Filter').click();
};

test('what the filter is set to can be read at any width', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(deliveriesPath);
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const label of ['Status', 'Message', 'Service provider']) {
      // How wide it would be by itself, with the longest choice.
      const missing = await field(page, label).evaluate((select) => {
        const free = select.cloneNode(true) as HTMLElement;
        Object.assign(free.style, { width: 'auto', minWidth: '0', position: 'absolute' });
        document.body.append(free);
        const wanted = free.offsetWidth;
        free.remove();
        return wanted - (select as HTMLElement).offsetWidth;
      });
      expect(missing, `${label} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
});

test('messages are listed with their attempts, narrowed, and never say their code', async ({
  page,
  demo,
  mailServer,
  otherBrowser,
  expectAccessible,
  pageProblems,
}) => {
  pageProblems.allow(/status of 502 .*\/api\/(enrollment|challenge)\/send/);
  await setUpMail(demo, mailServer);
  const person = await createCustomer(demo, 'patient');
  const customer = await otherBrowser();
  await signIn(customer, person);
  mailServer.behaviour = 'refuse-recipient';
  await askForEntryCode(customer, 'elsewhere@people.example');
  await expect(problem(customer, 'The mail server rejected this address')).toBeVisible();
  mailServer.behaviour = 'accept';
  await askForEntryCode(customer, person.email);
  const code = await codeSentTo(mailServer, person.email, customer);
  await enterCode(customer, code);
  await expect(notice(customer, 'Two-factor authentication is set up.')).toBeVisible();
  // The notice about the new entry.
  await mailServer.waitForMail(person.email);

  await signInAsAdmin(page);
  await page.goto(managerPath);
  await link(page.getByRole('main'), 'Deliveries').click();
  await expect(heading(page, 'Deliveries')).toBeVisible();
  await expect(row(page, 'Security notice').filter({ hasText: person.email })).toContainText('Accepted');
  const refused = row(page, 'e•••e@people.example');
  await expect(refused).toContainText('Verification code');
  await expect(refused).toContainText('Failed');
  await expect(refused.getByText('no such mailbox')).toBeHidden();
  await refused.getByText('1 attempt').click();
  await expect(refused.getByText('no such mailbox')).toBeVisible();
  await expectAccessible(page);
  expect(await page.content()).not.toContain(code);

  await state(page, 'Failed');
  await expect(refused).toBeVisible();
  await expect(row(page, 'Accepted')).toHaveCount(0);
  await state(page, 'Expired');
  await expect(page.getByText('No messages match this filter.')).toBeVisible();
  await link(page, 'Clear filter').click();
  await field(page, 'Message').selectOption({ label: 'Security notice' });
  await field(page, 'Service provider').selectOption({ label: 'Mail' });
  await field(page, 'Person').fill('patient@');
  await button(page, 'Filter').click();
  await expect(row(page, 'Verification code')).toHaveCount(0);
  await link(row(page, 'Security notice').first(), person.email).click();
  await link(page, 'Activity').click();

  const last = page.getByRole('region', { name: 'Deliveries' });
  await expect(last.getByRole('row').filter({ hasText: 'Verification code' })).toHaveCount(2);
  await expectAccessible(page);
  await link(last, 'All messages to this person').click();
  await expect(field(page, 'Person')).toHaveValue(person.email);
  await expect(row(page, 'e•••e@people.example')).toBeVisible();
});

test('deliveries are for administrators', scriptedOnly, async ({ page, demo, pageProblems }) => {
  await signIn(page, await createCustomer(demo, 'curious'));
  await page.goto(deliveriesPath);
  await expect(heading(page, 'Administrator sign-in')).toBeVisible();
  pageProblems.allow(/status of 40[13]/);
  const answer = await page.request.post('/api/delivery/list', { form: { 'query[person]': '' } });
  expect(answer.status()).toBe(403);
});
