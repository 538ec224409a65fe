// Servers that are going to be hurt: their own, with a mail server that outlives them.
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { codeIn } from './mailbox';
import type { Person } from './people';
import { Server } from './server';
import { MailServer } from './smtp';
import { type Audience, type Storage, Target, freshDatabase } from './target';
import { type Answer, type Form, Visitor } from './visitor';

// Opened with a stored secret for each message.
const login = { user: 'countersign', password: 'heather-anvil-ferry' };

export class Hurt extends Target {
  private constructor(
    servers: Server[],
    storage: Storage,
    readonly mailServer: MailServer,
  ) {
    super(servers, storage);
  }

  /** Where there is a pooler, `through` tells the address by which the servers reach the database. */
  static async start(
    storage: Storage,
    more: Record<string, string> = {},
    state?: string,
    through = (address: string) => address,
  ): Promise<Hurt> {
    const mailServer = await MailServer.start({ login });
    const env: Record<string, string> = { COUNTERSIGN_TRUSTED_PROXIES: '[127.0.0.1]', ...more };
    if (storage === 'postgres') env.DATABASE_URL = through(await freshDatabase(state));
    const servers = [await Server.start({ args: ['serve'], env })];
    if (storage === 'postgres') {
      const shared = { COUNTERSIGN_DATA_DIR: servers[0].dataDir, COUNTERSIGN_PUBLIC_URL: servers[0].url };
      servers.push(await Server.start({ args: ['serve'], env: { ...env, ...shared } }));
    }
    const hurt = new Hurt(servers, storage, mailServer);
    const where = ['--host', mailServer.host, '--port', String(mailServer.port), '--encryption', 'none'];
    const who = ['--user-name', login.user, '--secret-stdin', '--from-address', 'no-reply@people.example'];
    await hurt.run(['provider', 'add', 'smtp', '--title', 'Mail', ...where, ...who, '--offer', 'Email'], login.password);
    await hurt.run(['config', 'import'], '[policy.customer]\nallowed = true\n');
    return hurt;
  }

  override async mail(to: string): Promise<string[]> {
    const mails = this.mailServer.mails.filter((mail) => mail.to.includes(to));
    return mails.map(({ text }) => text).reverse();
  }

  /** The code with the reference that the screen shows, as soon as it has come. */
  async codeOf(person: Person, reference: string, wait: number): Promise<string | undefined> {
    for (const end = Date.now() + wait; ; await pause(25)) {
      const found = (await this.mail(person.email)).find((text) => text.includes(`Reference: ${reference}`));
      if (found || Date.now() > end) return found && codeIn(found);
    }
  }

  async stop(): Promise<void> {
    for (const server of [...this.servers].reverse()) await server.stop();
    await this.mailServer.stop();
  }
}

/** A call that may find its server gone: nothing then, and nobody knows what became of it. */
export async function attempt(visitor: Visitor, endpoint: string, form: Form): Promise<Answer | undefined> {
  const answer = await visitor.call(endpoint, form).catch(() => undefined);
  if (answer) expect([200, 302, 303, 401, 403, 422, 429, 503], `${endpoint}: ${answer.text}`).toContain(answer.status);
  return answer;
}

/** A sign-in that was acknowledged: its session has to be there, and its code is used up. */
type SignedIn = { person: Person; code: string; before: Visitor; visitor: Visitor };
/** A sign-in that was told to wait for its code, which has not come yet. */
type Waiting = { person: Person; visitor: Visitor; reference: string };

const audience: Audience = 'customer';
// Of one account within ten minutes: less than its limit.
const most = 12;

/** Somebody who signs in again and again, while servers come and go. */
export class Worker {
  readonly signedIn: SignedIn[] = [];
  readonly waiting: Waiting[] = [];
  private person?: Person;
  private times = 0;

  constructor(private readonly target: Hurt) {}

  async work(goesOn: () => boolean): Promise<void> {
    while (goesOn()) await this.signInOnce();
  }

  private async signInOnce(): Promise<void> {
    const person = await this.someone();
    if (!person) return void (await pause(50));
    const visitor = this.target.visitor();
    const asked = await attempt(visitor, 'login/log_in', { audience, ...person });
    if (!asked || asked.status >= 400) return void (await pause(50));
    const screen = await attempt(visitor, 'challenge/screen', { audience, purpose: 'sign_in' });
    if (screen?.status !== 200) return;
    const { reference } = JSON.parse(screen.text) as { reference: string };
    const code = await this.target.codeOf(person, reference, 1_000);
    if (code) await this.verify({ person, visitor, reference }, code);
    else this.waiting.push({ person, visitor, reference });
  }

  /** Gives a right code. Where no answer came, it is given until there is one; it counts once at most. */
  private async verify({ person, visitor }: Waiting, code: string): Promise<void> {
    const before = visitor.twin();
    const answer = await attempt(visitor, 'login/verify', { audience, code });
    if (answer && answer.status < 400) this.signedIn.push({ person, code, before, visitor });
    if (answer) return;
    for (let accepted = 0, answers = 0; answers < 2; ) {
      const again = await attempt(before.twin(), 'login/verify', { audience, code });
      if (!again || again.status === 503) {
        await pause(50);
        continue;
      }
      answers += 1;
      accepted += again.status < 400 ? 1 : 0;
      expect(accepted, 'the code was accepted twice').toBeLessThanOrEqual(1);
    }
  }

  /** Somebody with an entry; nobody where the servers went while it was set up. */
  private async someone(): Promise<Person | undefined> {
    if (!this.person || this.times >= most) {
      this.person = undefined;
      const made = await this.target.enrolled().catch(() => undefined);
      this.person = made?.person;
      this.times = 0;
    }
    this.times += 1;
    return this.person;
  }

  /** What was acknowledged is there, and no code that was accepted is accepted again. */
  async check(): Promise<number> {
    for (const { before, visitor, code } of this.signedIn) {
      expect(await this.target.isIn(visitor), 'a session that was acknowledged is gone').toBe(true);
      const again = await before.twin().call('login/verify', { audience, code });
      expect(again.status, again.text).toBeGreaterThanOrEqual(400);
    }
    return this.signedIn.splice(0).length;
  }

  /** Every code that was acknowledged comes, and works. */
  async late(): Promise<void> {
    for (const waiting of this.waiting.splice(0)) {
      // A message in the hands of a server that was killed is free again after 30 seconds.
      const code = await this.target.codeOf(waiting.person, waiting.reference, 45_000);
      expect(code, `the code ${waiting.reference} was lost`).toBeTruthy();
      await this.verify(waiting, code as string);
    }
  }
}
