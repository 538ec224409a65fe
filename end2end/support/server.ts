// Starts the release build for a test, on a free port and with a data directory of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base } from '@playwright/test';
import { freePort } from './ports';

const binary = resolve(__dirname, '../../target/release/countersign');
/** The program finds its site from any folder, so it is started in one that has nothing of it. */
const elsewhere = tmpdir();

// Draining may take 10 seconds; whoever takes longer has missed SIGTERM.
const stopTimeout = 12_000;
const startTimeout = 30_000;

export type Launch = { args: string[]; env: Record<string, string> };

export class Server {
  /** All that the server printed so far, standard output and standard error. */
  output = '';
  private waiting = new Set<() => void>();
  private ended = false;

  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly env: NodeJS.ProcessEnv,
    private child: ChildProcess,
  ) {
    this.watch(child);
    // A worker that dies takes its server along.
    process.on('exit', this.kill);
  }

  private watch(child: ChildProcess) {
    const collect = (chunk: string) => {
      this.output += chunk;
      this.wake();
    };
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => collect(`${error}\n`));
    child.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  static async start(launch: Launch): Promise<Server> {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-e2e-'));
    const server = await Server.spawn(launch, dataDir);
    try {
      await server.untilReady();
      return server;
    } catch (error) {
      await server.end();
      process.off('exit', server.kill);
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  private static async spawn(launch: Launch, dataDir: string): Promise<Server> {
    const address = `127.0.0.1:${await freePort()}`;
    const url = `http://${address}`;
    const env = {
      ...withoutOwnSettings(process.env),
      LEPTOS_SITE_ADDR: address,
      COUNTERSIGN_PUBLIC_URL: url,
      COUNTERSIGN_DATA_DIR: dataDir,
      ...launch.env,
    };
    return new Server(url, dataDir, env, spawnBinary(launch.args, env));
  }

  /** Ends the server and starts it again at the same address on the same data, with another command line. */
  async restart(args: string[]): Promise<void> {
    if (!(await this.end())) throw new Error(`the server did not end within ${stopTimeout} ms of SIGTERM`);
    await this.startAgain(args);
  }

  /** The same, but the server has no time to finish anything, as at a power failure. */
  async crash(args: string[]): Promise<void> {
    this.kill();
    while (!this.ended) await this.change(100);
    await this.startAgain(args);
  }

  private async startAgain(args: string[]): Promise<void> {
    this.ended = false;
    this.child = spawnBinary(args, this.env);
    this.watch(this.child);
    await this.untilReady();
  }

  /** Waits until the server has printed something that matches, and returns the match. */
  async waitForOutput(pattern: RegExp, timeout = 10_000): Promise<RegExpMatchArray> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const match = this.output.match(pattern);
      if (match) return match;
      if (this.ended) throw new Error(`the server ended without printing ${pattern}:\n${this.output}`);
      if (Date.now() >= deadline) throw new Error(`the server did not print ${pattern}:\n${this.output}`);
      await this.change(deadline - Date.now());
    }
  }

  /** Runs another command of the same binary on the same data, such as `account reset-2fa`. */
  async run(args: string[], input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(binary, args, { cwd: elsewhere, env: this.env });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
    // A command that does not read its input may end before all of it is written.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const code = await new Promise<number | null>((done, fail) => child.on('close', done).on('error', fail));
    return { code, stdout, stderr };
  }

  /** Ends the server as an operator would, and removes its data. */
  async stop(): Promise<void> {
    const inTime = await this.end();
    process.off('exit', this.kill);
    await rm(this.dataDir, { recursive: true, force: true });
    if (!inTime) throw new Error(`the server did not end within ${stopTimeout} ms of SIGTERM:\n${this.output}`);
  }

  private async untilReady(): Promise<void> {
    const deadline = Date.now() + startTimeout;
    while (Date.now() < deadline) {
      if (this.ended) throw new Error(`the server ended before it was ready:\n${this.output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await this.change(50);
    }
    throw new Error(`the server was not ready within ${startTimeout} ms:\n${this.output}`);
  }

  private async end(): Promise<boolean> {
    this.child.kill('SIGTERM');
    const deadline = Date.now() + stopTimeout;
    while (!this.ended && Date.now() < deadline) await this.change(deadline - Date.now());
    const inTime = this.ended;
    if (!inTime) this.kill();
    return inTime;
  }

  private kill = () => {
    this.child.kill('SIGKILL');
  };

  /** Resolves at the next output or at the end of the process, or when the time is over. */
  private change(timeout: number): Promise<void> {
    return new Promise((done) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        done();
      };
      const timer = setTimeout(wake, timeout);
      this.waiting.add(wake);
    });
  }

  private wake() {
    for (const wake of [...this.waiting]) wake();
  }
}

function spawnBinary(args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(binary, args, { cwd: elsewhere, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What the developer has set for a server of their own must not reach the one under test. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(LEPTOS_|COUNTERSIGN_|DATABASE_URL$)/.test(name)),
  );
}

/** Keeps the running server while its key stays the same. */
class Current {
  private key?: string;
  private server?: Server;

  async get(key: string, launch: Launch): Promise<Server> {
    if (!this.server || this.key !== key) {
      await this.stop();
      this.server = await Server.start(launch);
      this.key = key;
    }
    return this.server;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    await server?.stop();
  }
}

export type ServerOptions = {
  /** The command line. */
  demoArgs: string[];
  /** Settings beside the address, the public URL and the data directory. */
  demoEnv: Record<string, string>;
  /** One server for all tests of a file, one after the other, or a new one for each test. */
  demoPer: 'file' | 'test';
};

export const test = base.extend<ServerOptions & { demo: Server }, { currentServer: Current }>({
  demoArgs: [['demo'], { option: true }],
  demoEnv: [{}, { option: true }],
  demoPer: ['file', { option: true }],

  currentServer: [
    async ({}, use) => {
      const current = new Current();
      await use(current);
      await current.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  demo: [
    async ({ currentServer, demoArgs, demoEnv, demoPer }, use, testInfo) => {
      const owner = demoPer === 'file' ? testInfo.file : `${testInfo.testId} ${testInfo.repeatEachIndex}`;
      const key = JSON.stringify([owner, demoArgs, demoEnv]);
      const server = await currentServer.get(key, { args: demoArgs, env: demoEnv });
      await use(server);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server output', { body: server.output, contentType: 'text/plain' });
      }
    },
    { timeout: 60_000 },
  ],

  // `page.goto('/login')` goes to this server.
  baseURL: async ({ demo }, use) => use(demo.url),
});
