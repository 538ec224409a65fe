// Starts and ends the programs that are measured, and looks at their memory.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { get } from './http.mjs';

const startTimeout = 30_000;
/** What the kernel counts processor time in, in a second. */
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Runs a program to its end and returns what it printed. */
export async function run(program, args, { input = '', env = process.env } = {}) {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let problem = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (problem += chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise((done, fail) => child.on('close', done).on('error', fail));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${problem}`);
  return output;
}

/** Seconds from the start of a program to its end. */
export async function runTime(program, args) {
  const began = performance.now();
  const child = spawn(program, args, { stdio: 'ignore' });
  const code = await new Promise((done, fail) => child.on('exit', done).on('error', fail));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return (performance.now() - began) / 1e3;
}

/** A running server. */
export class Server {
  /** Starts one and waits until it is ready. Its output goes to the file `log`. */
  static async start(program, args, { log, cwd = process.cwd(), env = {} }) {
    const server = new Server();
    const address = `127.0.0.1:${await freePort()}`;
    server.url = `http://${address}`;
    server.log = log;
    const output = openSync(log, 'a');
    const began = performance.now();
    server.child = spawn(program, args, {
      cwd,
      env: { ...process.env, LEPTOS_SITE_ADDR: address, COUNTERSIGN_PUBLIC_URL: server.url, ...env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    server.ended = new Promise((done) => server.child.on('exit', done).on('error', done));
    process.on('exit', server.kill);
    await server.untilReady(began);
    /** Seconds from its start until it was ready. */
    server.startTime = (performance.now() - began) / 1e3;
    return server;
  }

  kill = () => this.child.kill('SIGKILL');

  async untilReady(began) {
    let running = true;
    this.ended.then(() => (running = false));
    while (running && performance.now() - began < startTimeout) {
      const answer = await get(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.status === 200) return;
      await sleep(1);
    }
    throw new Error(`a server did not become ready:\n${this.readLog()}`);
  }

  readLog() {
    return readFileSync(this.log, 'utf8').split('\n').slice(-40).join('\n');
  }

  /** Bytes of memory that it holds. */
  memory() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    // A process that has just ended holds none.
    return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1] ?? 0) * 1024;
  }

  /** Seconds that processors have worked for it so far. */
  processorTime() {
    const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
    // After the name, which may hold anything, the fields 14 and 15 of proc_pid_stat(5).
    const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
    return (user + system) / ticksPerSecond;
  }

  /** Looks at its memory until the returned function is called, which tells the most that it held. */
  watchMemory() {
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, this.memory())), 20);
    this.ended.then(() => clearInterval(watch));
    return () => {
      clearInterval(watch);
      return peak;
    };
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
    process.off('exit', this.kill);
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer().on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
