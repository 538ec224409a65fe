// Lists, the audit log, the dashboard and sign-ins with a million accounts, events and messages, on SQLite and, where it is
// installed, on PostgreSQL. Each is held against looking up one account by its id in the same database, and against
// itself with a thousand of each.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { run } from './process.mjs';
import { milliseconds } from './table.mjs';

const scale = resolve('target/dist/examples/scale');
const postgres = resolve('scripts/postgres.sh');
const [few, many] = [1_000, 1_000_000];

/** What was measured, in order, with its seconds. Of the pages of each search of the list there is the slowest. */
async function measured(url, rows) {
  const found = new Map();
  for (const line of (await run(scale, [url, String(rows)])).split('\n')) {
    const [, what, time] = line.match(/^(.*\S)\s+([\d.]+) ms\s+x\d+/) ?? [];
    if (!what) continue;
    const name = what.startsWith('list: ') ? `${what.split(',')[0]}, slowest page` : what.replace(/, \d+ MB$/, '');
    found.set(name, Math.max(Number(time) / 1e3, found.get(name) ?? 0));
  }
  return found;
}

async function measureOne(table, name, urlOf) {
  const small = await measured(urlOf('few'), few);
  const [[, lookUp], ...large] = await measured(urlOf('many'), many);
  for (const [what, seconds] of large) {
    table.add(`${name}: ${what}`, seconds, lookUp, 'one account by its id', milliseconds);
    table.add(`${name}: ${what}`, seconds, small.get(what), 'the same with a thousand', milliseconds);
  }
}

/** Adds the rows. What they need of the disk, about 3 GB, is freed at the end. */
export async function measureScale(table, folder) {
  await measureOne(table, 'SQLite', (name) => `sqlite://${join(folder, name)}.db?mode=rwc`);
  let programs;
  try {
    programs = (await run(postgres, ['find'])).trim();
  } catch {
    process.stderr.write('bench: PostgreSQL is not installed, so it is not measured\n');
    return;
  }
  const url = new URL((await run(postgres, ['start'])).trim());
  try {
    for (const name of ['few', 'many']) {
      await run(join(programs, 'createdb'), ['-h', url.hostname, '-p', url.port, '-U', url.username, name]);
    }
    await measureOne(table, 'PostgreSQL', (name) => Object.assign(new URL(url), { pathname: `/${name}` }).href);
  } finally {
    execFileSync(postgres, ['stop']);
  }
}
