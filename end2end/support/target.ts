// What the attacks go against: the demo on SQLite, or two servers on one PostgreSQL.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Client } from 'pg';
import { codeIn } from './mailbox';
import type { Person } from './people';
import { Server } from './server';
import { type Answer, Visitor } from './visitor';

export { expect };

export type Audience = 'admin' | 'customer';
export type Storage = 'sqlite' | 'postgres';

export const postgres = resolve(__dirname, '../../scripts/postgres.sh');
const mailText = /<article class="mail panel"><h2>.*?<\/h2><p class="mail-meta">.*? → (.*?)<\/p><pre>(.*?)<\/pre>/gs;
let people = 0;

export class Target {
  /** The message whose code was returned last, by address. */
  private readonly newest = new Map<string, string>();

  constructor(
    readonly servers: Server[],
    readonly storage: Storage,
  ) {}

  visitor(address?: string): Visitor {
    return new Visitor(
      this.servers.map((server) => server.url),
      address,
    );
  }

  /** Runs a command, which has to succeed. */
  async run(args: string[], input = ''): Promise<string> {
    const done = await this.servers[0].run(args, input);
    expect(done.code, done.stdout + done.stderr).toBe(0);
    return done.stdout;
  }

  async person(audience: Audience = 'customer'): Promise<Person> {
    people += 1;
    const person = { email: `p${people}.${process.pid}@people.example`, password: 'granite-ribbon-thistle' };
    const account = ['account', 'create', '--audience', audience, '--email', person.email, '--name', 'Pat'];
    await this.run([...account, '--password-stdin'], person.password);
    return person;
  }

  /** All messages of the demo's mailbox to somebody, newest first. */
  async mail(to: string): Promise<string[]> {
    const page = await new Visitor([this.servers[0].url]).get('/demo/mailbox/list');
    return [...page.text.matchAll(mailText)].filter(([, who]) => who === to).map(([, , text]) => text);
  }

  /** The messages with a code to somebody, newest first. Others come when they will: a notice follows an enrollment. */
  async codes(to: string): Promise<string[]> {
    return (await this.mail(to)).filter((text) => text.includes('Reference: '));
  }

  /** The newest code that was sent to somebody; where an earlier call has returned it, the next one is waited for. */
  async code(to: string): Promise<string> {
    let newest: string | undefined;
    const isNew = async () => {
      [newest] = await this.codes(to);
      return newest !== this.newest.get(to);
    };
    await expect.poll(isNew).toBe(true);
    this.newest.set(to, newest as string);
    return codeIn(newest as string);
  }

  /** Signs in somebody who is asked for no code. */
  async withPassword(person: Person, audience: Audience = 'customer', visitor = this.visitor()): Promise<Visitor> {
    ok(await visitor.call('login/log_in', { audience, ...person }));
    return visitor;
  }

  /** Sets up an entry by the account's own address. */
  async enroll(visitor: Visitor, person: Person, audience: Audience = 'customer'): Promise<void> {
    const { choices } = JSON.parse((await visitor.call('enrollment/overview', { audience })).text);
    const method = choices.find(({ kind }: { kind: string }) => kind === 'smtp').id;
    ok(await visitor.call('enrollment/send_code', { audience, method, email: person.email }));
    ok(await visitor.call('enrollment/verify', { audience, code: await this.code(person.email) }));
  }

  /** A new person with an entry, signed in by it. */
  async enrolled(audience: Audience = 'customer'): Promise<{ person: Person; visitor: Visitor }> {
    const person = await this.person(audience);
    const visitor = await this.withPassword(person, audience);
    await this.enroll(visitor, person, audience);
    return { person, visitor };
  }

  /** Whether the account page, or the console, lets them in. */
  async isIn(visitor: Visitor, audience: Audience = 'customer'): Promise<boolean> {
    return (await visitor.call('sessions/list', { audience })).status === 200;
  }
}

export function ok(answer: Answer): Answer {
  expect(answer.status, answer.text).toBeLessThan(400);
  return answer;
}

/** A wrong code beside a right one. */
export const not = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0');

export const test = base.extend<object, { storage: Storage; target: Target }>({
  storage: ['sqlite', { option: true, scope: 'worker' }],
  target: [
    async ({ storage }, use) => {
      const env: Record<string, string> = { COUNTERSIGN_TRUSTED_PROXIES: '[127.0.0.1]' };
      const servers: Server[] = [];
      if (storage === 'postgres') env.DATABASE_URL = await freshDatabase();
      servers.push(await Server.start({ args: ['demo', '--ready'], env }));
      if (storage === 'postgres') {
        // The key and the address in messages are those of the first.
        const shared = { COUNTERSIGN_DATA_DIR: servers[0].dataDir, COUNTERSIGN_PUBLIC_URL: servers[0].url };
        servers.push(await Server.start({ args: ['serve'], env: { ...env, ...shared } }));
      }
      await use(new Target(servers, storage));
      for (const server of servers.reverse()) await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

let databases = 0;

/** A new database in the throw-away PostgreSQL, or in one of the caller's own, see scripts/postgres.sh. */
export async function freshDatabase(state?: string): Promise<string> {
  const env = state ? { ...process.env, POSTGRES_STATE: state } : process.env;
  const address = execFileSync(postgres, ['start'], { encoding: 'utf8', env }).trim();
  databases += 1;
  const name = `attacks_${process.pid}_${databases}`;
  const client = new Client(address);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return address.replace(/\/postgres$/, `/${name}`);
}
