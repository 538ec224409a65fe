// What people do on the site, found by the words that stand on its pages.
import { type Locator, type Page, expect } from '@playwright/test';
import { codeIn, linkIn, messageTo, messages } from './mailbox';
import type { Server } from './server';
import { addEntry, endSession, giveCodeToo, givePassword } from './shortcuts';
import type { MailServer } from './smtp';

export type Person = { email: string; password: string };

/** The demo's sample accounts. */
export const ada: Person = { email: 'admin@demo.example', password: 'walnut-harbour-lantern' };
export const carla: Person = { email: 'carla@demo.example', password: 'copper-meadow-violin' };
export const conrad: Person = { email: 'conrad@demo.example', password: 'silver-orchard-comet' };

export const managerPath = '/admin/settings/setup/services-manager';
export const servicesPath = `${managerPath}/services`;
export const secondaryAuthPath = `${managerPath}/secondary-auth`;
export const deliveriesPath = `${managerPath}/deliveries`;
export const configurationPath = '/admin/settings/setup/configuration';

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name, exact: true });

export const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true });
export const link = (page: Page | Locator, name: string) => page.getByRole('link', { name, exact: true });
/** A field by its label, and not a section that a heading of the same words names. */
export const field = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).and(page.locator(':not(section)'));
/** The types of an entry that there are to choose from. */
export const types = (page: Page) => page.getByRole('group', { name: 'Verification type' });
export const problem = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text });
export const notice = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
/** A point in time as English pages show it. */
export const moment = /[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d(:\d\d)? [AP]M/;
export const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

export async function createCustomer(demo: Server, name: string): Promise<Person> {
  const person = { email: `${name}@people.example`, password: 'granite-ribbon-thistle' };
  await createAccount(demo, 'customer', person);
  return person;
}

export async function createAccount(demo: Server, audience: 'admin' | 'customer', person: Person): Promise<void> {
  const made = await demo.run(
    ['account', 'create', '--audience', audience, '--email', person.email, '--name', 'Pat', '--password-stdin'],
    person.password,
  );
  expect(made.code, made.stderr).toBe(0);
}

/** Fills in fields by their labels. */
export async function fillIn(page: Page, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    if (['Encryption', 'Sign-in'].includes(label)) await field(page, label).selectOption({ label: value });
    else await field(page, label).fill(value);
  }
}

/** Fills in the form of a mail server with the one of the test. */
export async function fillInMailServer(page: Page, { host, port }: MailServer): Promise<void> {
  const from = 'no-reply@people.example';
  await fillIn(page, { Host: host, Port: String(port), Encryption: 'None', 'From address': from });
}

/** Expects each field to hold a value. */
export async function expectFilledIn(page: Page, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await expect(field(page, label)).toHaveValue(value);
}

/** Expects a field to be marked as wrong, and described by the reason. */
export async function expectFieldProblem(page: Page, label: string, text: string | RegExp): Promise<void> {
  await expect(field(page, label)).toHaveAccessibleDescription(text instanceof RegExp ? text : new RegExp(text));
  await expect(field(page, label)).toHaveAttribute('aria-invalid', 'true');
}

export async function enterPassword(page: Page, person: Person, loginPath = '/login'): Promise<void> {
  // Whoever is signed in is led home from the sign-in.
  await page.context().clearCookies({ name: /_session$/ });
  await page.goto(loginPath);
  await fillIn(page, { Email: person.email, Password: person.password });
  await button(page, 'Log in').click();
}

/** Signs in a customer who is asked for no code. Specs about signing in use the form, by `enterPassword`. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await givePassword(page, 'customer', person);
  await page.goto('/account');
  await expect(heading(page, 'Account Settings')).toBeVisible();
}

/** Signs in an administrator who is asked for no code. */
export async function signInAsAdmin(page: Page, person = ada): Promise<void> {
  await givePassword(page, 'admin', person);
  await page.goto('/admin');
  await expect(heading(page, 'Dashboard')).toBeVisible();
}

export async function logOut(page: Page): Promise<void> {
  await button(page, 'Log out').click();
  await expect(button(page, 'Log in')).toBeVisible();
}

export async function expectCodeScreen(page: Page): Promise<void> {
  await expect(heading(page, 'Enter your verification code')).toBeVisible();
  await expect(field(page, 'Verification Code')).toBeVisible();
}

/** The three letters that the code screen and its message share. */
export async function reference(page: Page): Promise<string> {
  const line = page.getByText(/Check that the message shows [A-Z]{3}/);
  return (await line.innerText()).slice(-3);
}

/** The code that the screen is waiting for, as soon as it has come to the demo's mailbox. */
export async function lastCode(page: Page): Promise<string> {
  const marked = `Reference: ${await reference(page)}`;
  let text: string | undefined;
  const found = async () => (text = (await messages(page)).find((mail) => mail.text.includes(marked))?.text) !== undefined;
  await expect.poll(found, { message: `a message with ${marked}` }).toBe(true);
  return codeIn(text ?? '');
}

/** The newest message with these words in the demo's mailbox to this address, as soon as it has arrived. */
export async function mailTo(page: Page, to: string, words: string): Promise<string> {
  return (await messageTo(page, to, words)).text;
}

/** The link in such a message. */
export async function linkSentTo(page: Page, to: string, words: string): Promise<string> {
  return linkIn(await mailTo(page, to, words));
}

/** The code that the screen is waiting for, from what arrived at a mail server. */
export async function codeSentTo(mailServer: MailServer, to: string, page: Page, timeout?: number): Promise<string> {
  const marked = await reference(page);
  for (;;) {
    const { text } = await mailServer.waitForMail(to, timeout);
    if (text.includes(`Reference: ${marked}`)) return codeIn(text);
  }
}

/** The link in the newest message to somebody whose path begins like this, as soon as it has arrived. */
export async function linkInMail(page: Page, to: string, path: string): Promise<string> {
  return linkIn(await mailTo(page, to, path), path);
}

/** Expects a message to somebody that says this, as soon as it has arrived. */
export async function expectMail(page: Page, to: string, text: string): Promise<void> {
  await messageTo(page, to, text);
}

/** A code that is not this one. */
export function otherCode(code: string, step = 1): string {
  return String((Number(code) + step) % 1_000_000).padStart(6, '0');
}

/** Enters a code, and waits for the answer: a form that is being sent is not sent again. */
export async function enterCode(page: Page, code: string): Promise<void> {
  await fillIn(page, { 'Verification Code': code });
  await button(page, 'Verify').click();
  await expect(page.locator('html[data-waiting]')).toHaveCount(0);
}

/** Asks for a code to set up an entry, as a signed-in customer. */
export async function askForEntryCode(page: Page, email?: string): Promise<void> {
  await page.goto('/account/two-factor');
  if (email !== undefined) await fillIn(page, { 'Email address': email });
  await button(page, 'Send Code').click();
}

/** Sets up an entry, as a signed-in customer, and shows it. */
export async function enroll(page: Page, mailServer?: MailServer): Promise<void> {
  await addEntry(page, 'customer', mailServer);
  await page.goto('/account/two-factor');
}

/** Deletes the last entry of the account, which is asked about first, and expects it to be gone. */
export async function deleteLastEntry(page: Page, entry: Locator): Promise<void> {
  await button(entry, 'Delete').click();
  await expect(heading(page, 'Delete your last sign-in method?')).toBeVisible();
  await button(page, 'Delete').click();
  await expect(notice(page, 'Deleted.')).toBeVisible();
}

/** A new customer who has an entry and is signed out. */
export async function enrolledCustomer(page: Page, demo: Server, name: string): Promise<Person> {
  const person = await createCustomer(demo, name);
  await givePassword(page, 'customer', person);
  await addEntry(page, 'customer');
  await endSession(page, 'customer');
  return person;
}

/** A new customer who has given the password and is asked for the code. */
export async function waitingCustomer(page: Page, demo: Server, name: string): Promise<Person> {
  const person = await enrolledCustomer(page, demo, name);
  await givePassword(page, 'customer', person);
  await page.goto('/login/code');
  await expectCodeScreen(page);
  return person;
}

/** Signs in a customer who is asked for a code, and trusts the browser where wanted. */
export async function signInWithCode(page: Page, person: Person, { trust = false } = {}): Promise<void> {
  await giveCodeToo(page, 'customer', person, { trust });
  await page.goto('/account');
  await expect(heading(page, 'Account Settings')).toBeVisible();
}

/** Opens the form of a new SMTP service by the links of the pages. */
export async function openNewSmtpForm(page: Page): Promise<void> {
  await page.goto(servicesPath);
  await link(page, 'Add New').click();
  await link(page, 'Configio Service Provider').click();
  await link(page, 'SMTP').click();
  await expect(heading(page, 'New service provider: SMTP')).toBeVisible();
}

export async function saveForm(page: Page): Promise<void> {
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
}

export async function addService(page: Page, values: Record<string, string> = {}): Promise<void> {
  await openNewSmtpForm(page);
  await fillIn(page, values);
  await saveForm(page);
}

export async function addSecondaryAuth(page: Page, service: string, title: string): Promise<void> {
  await page.goto(secondaryAuthPath);
  await link(page, 'Add New').click();
  await field(page, 'Service provider').selectOption({ label: service });
  await fillIn(page, { Title: title });
  await saveForm(page);
}

export type Section = 'Admin Authentication' | 'Customer Authentication';

export function allowedSwitch(page: Page, section: Section): Locator {
  return page.getByRole('region', { name: section }).getByRole('switch', { name: 'Allowed' });
}

/** The page of an audience's second factor. */
export const twoFactorAuthPath = (section: Section) =>
  `${managerPath}/two-factor/${section === 'Admin Authentication' ? 'admin' : 'customer'}`;

/** Turns the switch over, answers the question before it is turned off, and waits for its new state. */
export async function allow(page: Page, section: Section, allowed = true): Promise<void> {
  await page.goto(twoFactorAuthPath(section));
  const toggle = allowedSwitch(page, section);
  await expect(toggle).toHaveText(allowed ? 'Inactive' : 'Active');
  await toggle.click();
  if (!allowed) await button(page, 'Turn Off').click();
  await expect(toggle).toHaveText(allowed ? 'Active' : 'Inactive');
}

/** The row of a setting on the configuration page. */
export function settingRow(page: Page, title: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('heading', { level: 3, name: title, exact: true }) });
}

/** Turns a setting's switch and saves it, as a signed-in administrator. */
export async function switchSetting(page: Page, title: string, on: boolean): Promise<void> {
  await page.goto(configurationPath);
  const toggle = page.getByRole('switch', { name: title, exact: true });
  await expect(toggle).toHaveText(on ? 'OFF' : 'ON');
  await toggle.click();
  await expect(toggle).toHaveText(on ? 'ON' : 'OFF');
  await button(settingRow(page, title), 'Save').click();
}
