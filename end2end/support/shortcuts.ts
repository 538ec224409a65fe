// What a test only needs to have happened before it begins: done by the requests that the pages send, or at the
// command line, without opening a page. What a test is about is done on the pages, as people do it.
import { type Page, expect } from '@playwright/test';
import { codeIn, messageTo } from './mailbox';
import type { Server } from './server';
import type { MailServer } from './smtp';

type Audience = 'admin' | 'customer';
type Person = { email: string; password: string };

/** Sends what a form would send, in the name of the browser. */
async function send(page: Page, endpoint: string, form: Record<string, string>): Promise<void> {
  const answer = await page.request.post(`/api/${endpoint}`, { form, maxRedirects: 0 });
  expect(answer.status(), `${endpoint}: ${answer.statusText()}`).toBeLessThan(400);
}

/** Gives the password, which may leave the code to be given. */
export async function givePassword(page: Page, audience: Audience, { email, password }: Person): Promise<void> {
  await send(page, 'login/log_in', { audience, email, password });
}

/** Chooses a language as the switch at the foot of pages does: for the browser, or for the account that is signed in. */
export async function chooseLanguage(page: Page, language: string, audience?: Audience): Promise<void> {
  await send(page, 'language/choose', { language, ...(audience ? { audience } : {}) });
}

/** The code that a session waits for, as soon as it has come to the demo's mailbox or to the mail server of the test. */
async function codeFor(
  page: Page,
  audience: Audience,
  purpose: 'sign_in' | 'enroll',
  email: string,
  mailServer?: MailServer,
): Promise<string> {
  const screen = await page.request.post('/api/challenge/screen', { form: { audience, purpose } });
  const { reference } = (await screen.json()) as { reference: string };
  const marked = `Reference: ${reference}`;
  if (!mailServer) return codeIn((await messageTo(page, email, marked)).text);
  for (;;) {
    const { text } = await mailServer.waitForMail(email);
    if (text.includes(marked)) return codeIn(text);
  }
}

/** Gives password and code. */
export async function giveCodeToo(page: Page, audience: Audience, person: Person, { trust = false } = {}): Promise<void> {
  await givePassword(page, audience, person);
  const code = await codeFor(page, audience, 'sign_in', person.email);
  await send(page, 'login/verify', { audience, code, ...(trust ? { trust: 'on' } : {}) });
}

/** Sets up an entry with the first method and the account's own address, for the browser that is signed in. */
export async function addEntry(page: Page, audience: Audience, mailServer?: MailServer): Promise<void> {
  const overview = await page.request.post('/api/enrollment/overview', { form: { audience } });
  const { choices, email } = (await overview.json()) as { choices: { id: string }[]; email: string };
  await send(page, 'enrollment/send_code', { audience, method: choices[0].id, email });
  await send(page, 'enrollment/verify', { audience, code: await codeFor(page, audience, 'enroll', email, mailServer) });
}

/** Gives the password and a recovery code. */
export async function giveRecoveryCode(page: Page, audience: Audience, person: Person, code: string): Promise<void> {
  await givePassword(page, audience, person);
  await send(page, 'recovery/sign_in', { audience, recovery_code: code });
}

/** A code that stands in for the second factor once, made at the command line. */
export async function helpdeskCode(demo: Server, email: string): Promise<string> {
  const made = await demo.run(['account', 'helpdesk-code', '--email', email]);
  expect(made.code, made.stderr).toBe(0);
  return made.stdout.trim().split(' ').pop() ?? '';
}

/** Leaves the page first: what it still asks for would be answered after its session, and it would complain. */
export async function endSession(page: Page, audience: Audience): Promise<void> {
  await page.goto('about:blank');
  await send(page, 'login/log_out', { audience });
}

/**
 * Has somebody set up an entry by this mail server, and signs out. The notice about it has arrived, too: what happens to the
 * server from now on happens to later messages.
 */
export async function enrollBy(mailServer: MailServer, page: Page, person: Person): Promise<void> {
  await givePassword(page, 'customer', person);
  await addEntry(page, 'customer', mailServer);
  const { text } = await mailServer.waitForMail(person.email);
  expect(text).toContain('A sign-in method was added');
  await endSession(page, 'customer');
}

/** Runs a command of the server, which has to succeed. */
async function command(demo: Server, args: string[], input = ''): Promise<void> {
  const done = await demo.run(args, input);
  expect(done.code, done.stdout + done.stderr).toBe(0);
}

/** Changes services and settings by a file, see `countersign config import`. */
export async function configure(demo: Server, file: string): Promise<void> {
  await command(demo, ['config', 'import'], file);
}

export async function allowTo(demo: Server, ...audiences: Audience[]): Promise<void> {
  await configure(demo, audiences.map((audience) => `[policy.${audience}]\nallowed = true\n`).join(''));
}

/** Offers a service under one more title. */
export async function offer(demo: Server, provider: string, title: string): Promise<void> {
  await configure(demo, `[[secondary_auth]]\ntitle = "${title}"\nprovider = "${provider}"\n`);
}

/** Registers the kind of service that has nothing but a title, and offers it. */
export async function addPlain(demo: Server, kind: 'authenticator' | 'passkey', title: string, offered: string): Promise<void> {
  await command(demo, ['provider', 'add', kind, '--title', title, '--offer', offered]);
}

/** Registers a mail server under the title "Mail". */
export async function addMail(demo: Server, { host, port }: { host: string; port: number }, ...more: string[]): Promise<void> {
  const where = ['--host', host, '--port', String(port), '--encryption', 'none'];
  await command(demo, ['provider', 'add', 'smtp', '--title', 'Mail', ...where, '--from-address', 'no-reply@people.example', ...more]);
}

/** Registers a mail server, offers it as "Email" and allows it to customers. */
export async function setUpMail(demo: Server, mailServer: { host: string; port: number }): Promise<void> {
  await addMail(demo, mailServer, '--offer', 'Email');
  await allowTo(demo, 'customer');
}
