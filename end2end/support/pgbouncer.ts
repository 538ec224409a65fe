// PgBouncer as Debian has it, with a configuration and a port of its own: the package's own service is not touched.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './ports';

const program = '/usr/sbin/pgbouncer';

/** Why this machine cannot run it; nothing where it can. */
export function whyNoPgBouncer(): string | undefined {
  if (!existsSync(program)) return 'there is no pgbouncer: scripts/setup.sh test installs it';
}

/** Whether it keeps prepared statements in transaction mode. */
export function keepsStatements(): boolean {
  const [, major, minor] = execFileSync(program, ['--version']).toString().match(/(\d+)\.(\d+)/) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

export class PgBouncer {
  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts it before the PostgreSQL at an address. */
  static async start(postgres: string, mode: 'session' | 'transaction'): Promise<PgBouncer> {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-pgbouncer-'));
    const port = await freePort();
    const { hostname, port: behind, username } = new URL(postgres);
    const file = join(folder, 'pgbouncer.ini');
    const settings = [
      '[databases]',
      `* = host=${hostname} port=${behind} user=${username}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = any',
      `pool_mode = ${mode}`,
      'default_pool_size = 40',
      ...(keepsStatements() ? ['max_prepared_statements = 200'] : []),
    ];
    writeFileSync(file, `${settings.join('\n')}\n`);
    // It refuses to be root, and the user whom it becomes reads the file.
    for (const path of [folder, file]) chmodSync(path, 0o755);
    const user = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
    const child = spawn(program, [...user, file], { stdio: 'ignore' });
    process.on('exit', () => child.kill('SIGKILL'));
    const bouncer = new PgBouncer(port, folder, child);
    for (let wait = 0; !(await answers(port)); wait++) {
      if (wait === 100 || child.exitCode !== null) throw new Error('PgBouncer did not start');
      await pause(50);
    }
    return bouncer;
  }

  /** The address of the same database by way of it. */
  through(address: string): string {
    return Object.assign(new URL(address), { port: String(this.port) }).href;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(socket.destroy() !== undefined));
    socket.on('error', () => done(false));
  });
}
