// Lists, the audit log and the dashboard with a million accounts, events and messages, on SQLite and, where it is
// installed, on PostgreSQL. Each page is held against looking up one account by its id, in the same database.
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { run } from './process.mjs';
import { milliseconds } from './table.mjs';

const accounts = resolve('target/dist/examples/many_accounts');
const events = resolve('target/dist/examples/scale');
const postgres = resolve('scripts/postgres.sh');

/** The lines of an example: what was measured, and its milliseconds. */
function measured(output) {
  const lines = output.split('\n').map((line) => line.match(/^(.*\S)\s+([\d.]+) ms\s+x\d+/));
  return lines.filter(Boolean).map(([, what, time]) => ({ what, seconds: Number(time) / 1e3 }));
}

/** The slowest page of each search, over all filters, orders and places. */
function slowest(pages) {
  const searches = new Map();
  for (const { what, seconds } of pages) {
    const [search] = what.split(', ');
    searches.set(search, Math.max(seconds, searches.get(search) ?? 0));
  }
  return [...searches].map(([search, seconds]) => ({ what: `list, slowest page: ${search}`, seconds }));
}

async function measureOne(table, name, accountsUrl, eventsUrl) {
  const add = (rows, lookUp) => {
    for (const { what, seconds } of rows) {
      table.add(`${name}: ${what}`, seconds, lookUp.seconds, 'one account by its id', milliseconds);
    }
  };
  const [lookUp, ...pages] = measured(await run(accounts, ['--measure', '--database', accountsUrl]));
  add(slowest(pages.filter(({ what }) => what !== 'slowest page')), lookUp);
  const [again, ...rest] = measured(await run(events, [eventsUrl]));
  add(rest, again);
}

/** Adds the lists to the table. What they need of the disk, about 3 GB, is freed at the end. */
export async function measureLists(table, folder) {
  const file = (name) => `sqlite://${join(folder, name)}?mode=rwc`;
  await measureOne(table, 'SQLite', file('accounts.db'), file('events.db'));
  let programs;
  try {
    programs = (await run(postgres, ['find'])).trim();
  } catch {
    process.stderr.write('bench: PostgreSQL is not installed, so it is not measured\n');
    return;
  }
  const url = new URL((await run(postgres, ['start'])).trim());
  try {
    const [accountsUrl, eventsUrl] = await Promise.all(
      ['accounts', 'events'].map(async (name) => {
        await run(join(programs, 'createdb'), ['-h', url.hostname, '-p', url.port, '-U', url.username, name]);
        return Object.assign(new URL(url), { pathname: `/${name}` }).href;
      }),
    );
    await measureOne(table, 'PostgreSQL', accountsUrl, eventsUrl);
  } finally {
    execFileSync(postgres, ['stop']);
  }
}
