// Signing in over HTTP, and many people at once doing it.
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, get, text } from './http.mjs';

/** Everybody's password. */
export const password = 'granite-ribbon-thistle';

/** Makes an account and returns its person. */
export async function createPerson(number, runCommand) {
  const email = `person${number}@bench.example`;
  await runCommand(
    ['account', 'create', '--audience', 'customer', '--email', email, '--name', `Person ${number}`, '--password-stdin'],
    password,
  );
  return { email, address: `10.0.${number >> 8}.${number & 255}` };
}

/** From the sign-in page to the page that is seen after the password. */
export async function enterPassword(browser, person) {
  const page = await browser.get('/login');
  return browser.submit(page, 'Log in', { email: person.email, password });
}

/** Signs in with the password alone. Returns the seconds that the server took. */
export function signIn(site, person) {
  return withBrowser(site, person, async (browser) => {
    expectPage(await enterPassword(browser, person), '/account');
  });
}

/** Signs in with the password and the code that was sent. */
export function signInWithCode(site, person) {
  return withBrowser(site, person, async (browser) => {
    const page = expectPage(await enterPassword(browser, person), '/login/code');
    const code = await site.mailbox.codeFor(person, page);
    expectPage(await browser.submit(page, 'Verify', { code }), '/account');
  });
}

/** Sets up an entry, so that the next sign-in asks for a code. */
export function enroll(site, person) {
  return withBrowser(site, person, async (browser) => {
    await enterPassword(browser, person);
    const twoFactor = await browser.get('/account/two-factor');
    const page = await browser.submit(twoFactor, 'Send Code', { email: person.email });
    const code = await site.mailbox.codeFor(person, page);
    expectPage(await browser.submit(page, 'Verify', { code }), '/account/two-factor');
  });
}

async function withBrowser(site, person, work) {
  const browser = new Browser(site.url, person.address);
  try {
    await work(browser);
    return browser.waited;
  } finally {
    browser.close();
  }
}

function expectPage(page, path) {
  if (page.path === path && page.status === 200) return page;
  throw new Error(`${path} was expected, but ${page.path} came (${page.status}):\n${text(page.html)}`);
}

/** The demo's mailbox. Read at most every 50 ms, however many wait, so that reading it is no load to speak of. */
export class Mailbox {
  #codes = new Map();
  // A person's references come again in time: the code of the older message is not what a page waits for.
  #used = new Set();
  #reading;

  constructor(url) {
    this.url = url;
  }

  /** The code that a page is waiting for. */
  async codeFor(person, page) {
    const reference = text(page.html).match(/message shows ([A-Z]{3})\b/)?.[1];
    if (!reference) throw new Error(`no code was sent (${page.status}):\n${text(page.html)}`);
    const key = `${person.email} ${reference}`;
    const deadline = performance.now() + 10_000;
    while (!this.#codes.has(key)) {
      if (performance.now() > deadline) throw new Error(`no message with a code for ${key}`);
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    const code = this.#codes.get(key);
    this.#codes.delete(key);
    this.#used.add(`${key} ${code}`);
    return code;
  }

  async #read() {
    await sleep(50);
    const { body } = await get(`${this.url}/demo/mailbox/list`);
    for (const message of body.toString().split('<article').slice(1).reverse()) {
      const to = message.match(/→ (\S+?)</)?.[1];
      const reference = message.match(/Reference: ([A-Z]{3})/)?.[1];
      const code = message.match(/^\s*(\d{6})\s*$/m)?.[1];
      const key = `${to} ${reference}`;
      if (!this.#used.has(`${key} ${code}`)) this.#codes.set(key, code);
    }
  }
}

/**
 * Keeps as many flows going as said, each by another person, until the time is over or every person has had
 * their share. Returns the flows per second, the seconds that the server took for each, and those that processors worked
 * for the server in each, on average.
 */
export async function load(flow, site, people, { atOnce, seconds, each = Infinity }) {
  const waiting = people.map((person) => ({ person, left: each }));
  const times = [];
  const worked = site.server.processorTime();
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1e3;
  const worker = async () => {
    while (elapsed() < seconds) {
      const next = waiting.shift();
      if (!next) return;
      times.push(await flow(site, next.person));
      if (--next.left > 0) waiting.push(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const processor = (site.server.processorTime() - worked) / times.length;
  return { perSecond: times.length / elapsed(), times, processor };
}
