// Sign-ins of Countersign beside those of better-auth, in turns, with accounts of their own and one mail server.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server, run } from '../process.mjs';
import { Mailbox, createPerson, enroll, load, signIn, signInWithCode } from '../sign-in.mjs';
import { median, megabytes, milliseconds, perSecond, quantile } from '../table.mjs';
import * as peer from './people.mjs';

const product = resolve('target/dist/countersign');
const folder = resolve('target/bench/better-auth');
const name = 'better-auth';
/** An account of ours gets 20 codes in ten minutes, and one sets up its entry. */
const flowsWithCode = 19;
const turns = 3;

/** The flows of one turn, by both: what they do at once, and one at a time. */
async function inTurns(flows, sites, people, { seconds, atOnce, each = Infinity }) {
  const all = sites.map(() => ({ alone: [], times: [], perSecond: [], processor: [] }));
  for (let turn = 0; turn < turns; turn++) {
    for (const [which, site] of sites.entries()) {
      const alone = await load(flows[which], site, people[which], { atOnce: 1, seconds: seconds / 2, each: 1 });
      const many = await load(flows[which], site, people[which], { atOnce, seconds, each });
      all[which].alone.push(...alone.times);
      all[which].times.push(...many.times);
      all[which].perSecond.push(many.perSecond);
      all[which].processor.push(many.processor);
    }
  }
  return all;
}

function addRows(table, what, [ours, theirs]) {
  table.add(`${what}: throughput`, median(ours.perSecond), median(theirs.perSecond), name, perSecond);
  const processor = [ours, theirs].map((one) => median(one.processor));
  table.add(`${what}: processor time of the server`, ...processor, name, milliseconds);
  table.add(`${what}: p50, one at a time`, median(ours.alone), median(theirs.alone), name, milliseconds);
  table.add(`${what}: p50 under load`, median(ours.times), median(theirs.times), name, milliseconds);
  table.add(`${what}: p99 under load`, quantile(ours.times, 0.99), quantile(theirs.times, 0.99), name, milliseconds);
}

/** Adds the rows, or one that says why there are none. */
export async function comparePeer(table, { folder: parent, env, log, seconds, atOnce, people: count }) {
  const why = join(folder, 'not-installed');
  if (!existsSync(join(folder, 'node_modules/better-auth'))) {
    const reason = existsSync(why) ? readFileSync(why, 'utf8').trim() : 'use make bench';
    table.leaveOut(`sign-ins beside ${name}`, `not installed: ${reason}`);
    return;
  }
  const data = join(parent, 'peer');
  mkdirSync(data);
  const ourEnv = { ...env, COUNTERSIGN_DATA_DIR: data };
  const runCommand = (args, input) => run(product, args, { env: { ...process.env, ...ourEnv }, input });
  const ours = [];
  for (let number = 1; number <= count; number += 2) {
    ours.push(...(await Promise.all([createPerson(number, runCommand), createPerson(number + 1, runCommand)])));
  }
  const server = await Server.start(product, ['demo', '--ready'], { log, env: ourEnv });
  let theirServer;
  try {
    const smtp = readFileSync(join(data, 'demo-smtp-port'), 'utf8').trim();
    const args = [join(folder, 'server.mjs'), join(data, 'better-auth.db'), smtp];
    theirServer = await Server.start(process.execPath, args, { log, cwd: folder, env: { NODE_ENV: 'production' } });
    const sites = [
      { server, url: server.url, mailbox: new Mailbox(server.url) },
      { server: theirServer, url: theirServer.url, mailbox: new peer.PeerMailbox(server.url) },
    ];
    await sleep(2_000);
    const idle = [server, theirServer].map((one) => one.memory());
    const theirs = [];
    for (let number = 1; number <= count; number++) theirs.push(await peer.signUp(sites[1], number));
    const people = [ours, theirs];
    const peaks = [server, theirServer].map((one) => one.watchMemory());

    const passwords = await inTurns([signIn, peer.signIn], sites, people, { seconds, atOnce });
    addRows(table, 'password', passwords);

    await load(enroll, sites[0], ours, { atOnce, seconds: Infinity, each: 1 });
    await load(peer.enroll, sites[1], theirs, { atOnce, seconds: Infinity, each: 1 });
    // Each person has a share of codes in each turn; one at a time takes one of it.
    const each = Math.floor(flowsWithCode / turns) - 1;
    const codes = await inTurns([signInWithCode, peer.signInWithCode], sites, people, { seconds, atOnce, each });
    addRows(table, 'password and code', codes);

    const most = peaks.map((peak) => peak());
    table.add('memory, idle', idle[0], idle[1], name, megabytes);
    table.add('memory, most under load', most[0], most[1], name, megabytes);
  } catch (error) {
    throw new Error(`the last lines of our server's log:\n${server.readLog()}`, { cause: error });
  } finally {
    await theirServer?.stop();
    await server.stop();
  }
}
