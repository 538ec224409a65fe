// Measures and prints the table. Started by scripts/bench.sh, which builds what is measured.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareHashes } from './argon2/turns.mjs';
import { comparePeer } from './better-auth/compare.mjs';
import { measureCrowd } from './crowd.mjs';
import { measureOutbox } from './outbox.mjs';
import { pageWeight } from './page-weight.mjs';
import { measurePages } from './pages.mjs';
import { Server, run, runTime } from './process.mjs';
import { whyNotComparable } from './quiet.mjs';
import { compare, writeFigures } from './report.mjs';
import { measureScale } from './scale.mjs';
import { Mailbox, createPerson, enroll, load, signIn, signInWithCode } from './sign-in.mjs';
import { Table, kilobytes, median, megabytes, milliseconds, perSecond, quantile } from './table.mjs';

const product = resolve('target/dist/countersign');
const emptyFolder = resolve('target/bench/empty-page');
const emptyPage = join(emptyFolder, 'target/dist/empty-page');

/** Three minutes in place of half an hour: shorter turns, and no million rows. */
const quick = Boolean(process.env.QUICK);
/** How long each load lasts. */
const seconds = quick ? 3 : 10;
/** The most that the server may hold, whatever is asked of it. */
const memoryLimit = 150e6;
/** An account gets 20 codes in ten minutes: one sets up its entry, and one is for a flow without load. */
const flowsWithCode = 18;

const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
const log = join(folder, 'log');
const env = {
  COUNTERSIGN_DATA_DIR: folder,
  // Each person comes from another address.
  COUNTERSIGN_TRUSTED_PROXIES: '["127.0.0.1"]',
};
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const say = (words) => process.stderr.write(`bench: ${words}\n`);
const table = new Table();

const startEmptyPage = () => Server.start(emptyPage, [], { log, cwd: emptyFolder });
const start = (...args) => Server.start(product, args, { log, env });
const runCommand = (args, input) => run(product, args, { env: { ...process.env, ...env }, input });
const hashTime = async () => JSON.parse(await run(resolve('target/dist/examples/hash_time'), []));

async function weighPages() {
  const [server, empty] = [await start('demo', '--ready'), await startEmptyPage()];
  for (const [encoding, name] of [['gzip', 'gzip'], ['br', 'brotli']]) {
    const login = await pageWeight(server.url, '/login', encoding);
    const nothing = await pageWeight(empty.url, '/', encoding);
    const all = (weight) => Object.values(weight).reduce((sum, bytes) => sum + bytes);
    for (const kind of ['wasm', 'js', 'html']) {
      table.add(`login page: ${kind.toUpperCase()}, ${name}`, login[kind], nothing[kind], 'empty page', kilobytes);
    }
    table.add(`login page: CSS, ${name}`, login.css, all(login), 'login page, all', kilobytes);
    table.add(`login page: all, ${name}`, all(login), all(nothing), 'empty page, all', kilobytes);
  }
  await server.stop();
  await empty.stop();
}

async function measureStart() {
  const times = { version: [], product: [], empty: [] };
  for (let turn = 0; turn < (quick ? 3 : 10); turn++) {
    times.version.push(await runTime(product, ['--version']));
    for (const [name, begin] of [['product', () => start('serve')], ['empty', startEmptyPage]]) {
      const server = await begin();
      times[name].push(server.startTime);
      await server.stop();
    }
  }
  const ready = median(times.product);
  table.add('start until ready', ready, median(times.version), 'countersign --version', milliseconds);
  table.add('start until ready', ready, median(times.empty), "empty page's server", milliseconds);
}

async function measureIdle(server) {
  const empty = await startEmptyPage();
  await sleep(2_000);
  const idle = server.memory();
  table.add('memory, idle', idle, empty.memory(), "empty page's server", megabytes);
  await empty.stop();
  return idle;
}

/** Measures a flow under load, and hashing before and after it. */
async function measureFlow(name, before, run) {
  const { perSecond: flows, times, processor } = await run();
  const after = await hashTime();
  const one = (before.seconds + after.seconds) / 2;
  const allCores = (before.perSecond + after.perSecond) / 2;
  table.add(`${name}: throughput`, flows, before.cores / one, 'cores / time of one hash', perSecond);
  table.add(`${name}: throughput`, flows, allCores, 'hashing alone, all cores', perSecond);
  // What the program that signs in takes of the cores is left out here.
  const hashAtOnce = before.cores / allCores;
  table.add(`${name}: processor time of the server`, processor, hashAtOnce, 'one hash, all cores hashing', milliseconds);
  table.add(`${name}: p50 under load`, median(times), one, 'one hash', milliseconds);
  table.add(`${name}: p99 under load`, quantile(times, 0.99), one, 'one hash', milliseconds);
  return after;
}

async function measureAlone(name, flow, site, people, hash) {
  const { times } = await load(flow, site, people, { atOnce: 1, seconds, each: 1 });
  table.add(`${name}: p50, one at a time`, median(times), hash.seconds, 'one hash', milliseconds);
}

let problem = await whyNotComparable();
const busyIsFine = Boolean(process.env.BUSY_IS_FINE);
if (problem && !busyIsFine) {
  say(`nothing is measured: ${problem}. BUSY_IS_FINE=1 measures all the same, for a first impression.`);
  process.exit(1);
}

await weighPages();
table.add('binary', statSync(product).size, statSync(emptyPage).size, "empty page's server", megabytes);
say('start-up');
await measureStart();

say('password hashing');
await compareHashes(table);
let hash = await hashTime();
const atOnce = Math.max(16, 4 * hash.cores);
const needed = Math.ceil((seconds * hash.perSecond) / flowsWithCode);
const count = Math.max(2 * atOnce, Math.min(quick ? 48 : 128, needed));

say(`${count} accounts`);
const people = [];
for (let number = 1; number <= count; number += hash.cores) {
  const numbers = Array.from({ length: Math.min(hash.cores, count - number + 1) }, (_, i) => number + i);
  people.push(...(await Promise.all(numbers.map((number) => createPerson(number, runCommand)))));
}

const server = await start('demo', '--ready');
const site = { server, url: server.url, mailbox: new Mailbox(server.url) };
try {
  const idle = await measureIdle(server);

  say(`sign-ins by password, ${atOnce} at once`);
  const memoryPeak = server.watchMemory();
  await load(signIn, site, people, { atOnce, seconds: 1 });
  await measureAlone('password', signIn, site, people, hash);
  hash = await measureFlow('password', hash, () => load(signIn, site, people, { atOnce, seconds }));

  say('pages that check their session');
  const empty = await startEmptyPage();
  await measurePages(table, { server, empty, number: count + 1, runCommand, seconds, atOnce });
  await empty.stop();

  say(`sign-ins by password and code, ${atOnce} at once`);
  await load(enroll, site, people, { atOnce, seconds: Infinity, each: 1 });
  await measureAlone('password and code', signInWithCode, site, people, hash);
  hash = await measureFlow('password and code', hash, () =>
    load(signInWithCode, site, people, { atOnce, seconds, each: flowsWithCode }),
  );

  const peak = memoryPeak();
  const hashes = hash.memory * hash.cores;
  table.add('memory, most under load', peak, idle, 'idle', megabytes);
  table.add('memory, most under load', peak, memoryLimit, 'what it may be', megabytes);
  table.add('memory, added by load', peak - idle, hashes, 'one hash on every core', megabytes);

  say('a thousand passwords at once');
  await measureCrowd(table, { server, people, limit: memoryLimit });
} catch (error) {
  throw new Error(`the last lines of the server's log:\n${server.readLog()}`, { cause: error });
} finally {
  await server.stop();
}

say('messages on their way out');
await measureOutbox(table);

say('sign-ins beside better-auth, in turns');
await comparePeer(table, { folder, env, log, seconds, atOnce, people: count });

if (!quick) {
  say('a million accounts, events and messages (some minutes)');
  // They take long and need a database server: what was measured by now is not lost with them.
  writeFigures(table, { quick, problem });
  await measureScale(table, folder);
}

problem ??= await whyNotComparable();
const figures = writeFigures(table, { quick, problem });
console.log(`${table}\n\n${hash.cores} cores; ${atOnce} sign-ins at once.\n${compare(figures).join('\n')}`);
if (problem) {
  console.log(`NOT COMPARABLE with any other figures: ${problem}.`);
  if (!busyIsFine) process.exitCode = 1;
}
