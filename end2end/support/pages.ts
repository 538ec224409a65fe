// The list of pages, by who has to be there to see them, for what looks at all of them.
import { type Page, expect } from '@playwright/test';
import { messages } from './mailbox';
import { ada, configurationPath, createCustomer, deliveriesPath, managerPath, secondaryAuthPath, servicesPath } from './people';
import type { Server } from './server';
import { addEntry, chooseLanguage, endSession, givePassword } from './shortcuts';

const setup = '/admin/settings/setup';

/** Pages of the demo that is started with `--ready`. */
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
    '/admin/audit',
    setup,
    configurationPath,
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

/** Makes a person with an entry, and lets the browser be each one in turn while `look` goes over the pages of that one. */
export async function asEach(page: Page, demo: Server, language: string, look: (who: Who) => Promise<void>): Promise<void> {
  const person = await createCustomer(demo, `everywhere-${language}`);
  await givePassword(page, 'customer', person);
  await addEntry(page, 'customer');
  await chooseLanguage(page, language, 'customer');
  await look('customer');
  await endSession(page, 'customer');
  const before = (await messages(page)).length;
  await givePassword(page, 'customer', person);
  // Afterwards the page says the same for a while.
  await expect.poll(async () => (await messages(page)).length).toBeGreaterThan(before);
  await look('waiting');
  await givePassword(page, 'admin', ada);
  await chooseLanguage(page, language, 'admin');
  await look('admin');
  await endSession(page, 'admin');
  await page.context().clearCookies({ name: /_session$/ });
  await look('visitor');
}
