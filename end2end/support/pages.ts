// The list of pages, by who has to be there to see them, for what looks at all of them.
import { type Page, expect } from '@playwright/test';
import { messages } from './mailbox';
import { ada, configurationPath, createCustomer, deliveriesPath, managerPath, secondaryAuthPath, servicesPath } from './people';
import type { Server } from './server';
import { addEntry, chooseLanguage, endSession, givePassword } from './shortcuts';

const setup = '/admin/settings/setup';

/** Pages of the demo that is started with `--ready`; `:person` is the id of whoever is made to look at them. */
export const pages = {
  /** A person without a session. */
  visitor: ['/login', '/login/with-code', '/login/forgot', '/register', '/admin/login', '/no/such/page'],
  /** Whoever has given the password and not yet the code. */
  waiting: ['/login/code', '/login/methods', '/login/recovery'],
  customer: ['', '/two-factor', '/security', '/two-factor/recovery-codes', '/email', '/confirm'].map((path) => `/account${path}`),
  admin: [
    '/admin',
    '/admin/customers',
    '/admin/customers/new',
    '/admin/customers/:person',
    '/admin/customers/:person/two-factor',
    '/admin/customers/:person/activity',
    '/admin/audit',
    setup,
    configurationPath,
    `${setup}/brand`,
    `${setup}/message-templates`,
    `${setup}/message-templates/code/en`,
    managerPath,
    `${managerPath}/two-factor/customer`,
    `${managerPath}/two-factor/customer/off`,
    `${managerPath}/forbid/customer/smtp`,
    servicesPath,
    `${servicesPath}/new`,
    `${servicesPath}/new/provider`,
    `${servicesPath}/new/smtp`,
    `${servicesPath}/new/sms`,
    `${servicesPath}/new/sms/twilio`,
    `${servicesPath}/new/authenticator`,
    `${servicesPath}/new/passkey`,
    secondaryAuthPath,
    `${secondaryAuthPath}/new`,
    deliveriesPath,
    `${setup}/approvals`,
    `${setup}/users`,
    `${setup}/users/new`,
    '/admin/profile/security',
    '/admin/profile/email',
  ],
};

export type Who = keyof typeof pages;

/** The id of a customer, for the administrator who is signed in. */
async function idOf(page: Page, email: string): Promise<string> {
  await page.goto(`/admin/customers?search=${encodeURIComponent(email)}`);
  const address = await page.getByRole('row').filter({ hasText: email }).getByRole('link').first().getAttribute('href');
  return address?.split('/').at(-1) ?? '';
}

/**
 * Makes a person with an entry, and lets the browser be each one in turn while `look` goes over the pages of that one. It
 * is told how to open each.
 */
export async function asEach(
  page: Page,
  demo: Server,
  language: string,
  look: (who: Who, open: (path: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  let id = '';
  const open = (path: string) => page.goto(path.replace(':person', id));
  const person = await createCustomer(demo, `everywhere-${language}`);
  await givePassword(page, 'customer', person);
  await addEntry(page, 'customer');
  await chooseLanguage(page, language, 'customer');
  await look('customer', open);
  await endSession(page, 'customer');
  const before = (await messages(page)).length;
  await givePassword(page, 'customer', person);
  // Afterwards the page says the same for a while.
  await expect.poll(async () => (await messages(page)).length).toBeGreaterThan(before);
  await look('waiting', open);
  await givePassword(page, 'admin', ada);
  await chooseLanguage(page, language, 'admin');
  id = await idOf(page, person.email);
  await look('admin', open);
  await endSession(page, 'admin');
  await page.context().clearCookies({ name: /_session$/ });
  await look('visitor', open);
}
