// Signing in to a server with better-auth, as the flows of ../sign-in.mjs do it: there are no pages here, so each step
// is a call that answers with JSON, and the last one asks who is signed in.
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { get, request } from '../http.mjs';

const password = 'granite-ribbon-thistle';

class Client {
  cookies = new Map();
  /** Seconds that its requests took. */
  waited = 0;

  constructor(url) {
    this.url = url;
    this.agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  async call(path, values) {
    const headers = { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '), Origin: this.url };
    const body = values && JSON.stringify(values);
    if (body) headers['Content-Type'] = 'application/json';
    const began = performance.now();
    const answer = await request(`${this.url}/api/auth${path}`, { method: body ? 'POST' : 'GET', headers, body, agent: this.agent });
    this.waited += (performance.now() - began) / 1e3;
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value && !/max-age=0/i.test(line)) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = answer.body.toString();
    if (answer.status !== 200) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
    return JSON.parse(text || 'null');
  }
}

async function withClient(site, work) {
  const client = new Client(site.url);
  try {
    await work(client);
    return client.waited;
  } finally {
    client.agent.destroy();
  }
}

async function expectSession(client, person) {
  const session = await client.call('/get-session');
  if (session?.user?.email !== person.email) throw new Error(`${person.email} is not signed in: ${JSON.stringify(session)}`);
}

const enterPassword = (client, { email }) => client.call('/sign-in/email', { email, password });

/** Makes an account. */
export async function signUp(site, number) {
  const person = { email: `peer${number}@bench.example` };
  await withClient(site, (client) => client.call('/sign-up/email', { email: person.email, password, name: `Person ${number}` }));
  return person;
}

/** Has a code asked for at each sign-in from now on. */
export function enroll(site, person) {
  return withClient(site, async (client) => {
    await enterPassword(client, person);
    await client.call('/two-factor/enable', { password, method: 'otp' });
  });
}

/** Signs in with the password alone. Returns the seconds that the server took. */
export function signIn(site, person) {
  return withClient(site, async (client) => {
    await enterPassword(client, person);
    await expectSession(client, person);
  });
}

/** Signs in with the password and the code that was sent. */
export function signInWithCode(site, person) {
  return withClient(site, async (client) => {
    const { twoFactorRedirect } = await enterPassword(client, person);
    if (!twoFactorRedirect) throw new Error(`${person.email} is not asked for a code`);
    await client.call('/two-factor/send-otp', {});
    await client.call('/two-factor/verify-otp', { code: await site.mailbox.codeFor(person) });
    await expectSession(client, person);
  });
}

/** The codes in the demo's mailbox, to which both servers send. Read at most every 50 ms, as for the other flows. */
export class PeerMailbox {
  #newest = new Map();
  #used = new Map();
  #reading;

  constructor(url) {
    this.url = url;
  }

  /** The newest code of a person that was not used yet. */
  async codeFor({ email }) {
    const deadline = performance.now() + 10_000;
    while ((this.#newest.get(email) ?? '') === (this.#used.get(email) ?? '')) {
      if (performance.now() > deadline) throw new Error(`no message with a code for ${email}`);
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    this.#used.set(email, this.#newest.get(email));
    return this.#newest.get(email);
  }

  async #read() {
    await sleep(50);
    const { body } = await get(`${this.url}/demo/mailbox/list`);
    // The newest comes first.
    for (const message of body.toString().split('<article').slice(1).reverse()) {
      const to = message.match(/→ (\S+?)</)?.[1];
      const code = message.match(/^\s*(\d{6})\s*$/m)?.[1];
      if (to?.startsWith('peer') && code) this.#newest.set(to, code);
    }
  }
}
