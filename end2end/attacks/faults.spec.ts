// Faults: servers that are killed, a database that goes and comes, a disk that is full, keys that are lost or replaced.
// FAULT_RUNS=100 kills a hundred times.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, statfsSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Hurt, Worker } from '../support/faults';
import { mountSmallDisk, unmount } from '../support/small_disk';
import { expect, not, ok, postgres, test } from '../support/target';
import { Visitor } from '../support/visitor';

const runs = Number(process.env.FAULT_RUNS ?? 5);
const audience = 'customer';

test('killed under load, servers lose nothing that they acknowledged and accept no code twice', async ({ storage }) => {
  test.setTimeout(120_000 + runs * 10_000);
  const target = await Hurt.start(storage);
  try {
    let survived = 0;
    let late = 0;
    const workers = Array.from({ length: 6 }, () => new Worker(target));
    for (let run = 0; run < runs; run++) {
      let killed = false;
      // Before anybody works there is nothing to lose.
      const begun = () => workers.some(({ signedIn }) => signedIn.length > 0);
      const working = Promise.all(workers.map((worker) => worker.work(() => !killed)));
      const killing = (async () => {
        while (!begun()) await pause(20);
        await pause(Math.random() * 400);
        await Promise.all(target.servers.map((server) => server.crash(['serve'])));
        killed = true;
      })();
      await Promise.all([working, killing]);
      for (const worker of workers) survived += await worker.check();
      if (runs > 5 && (run + 1) % 10 === 0) console.log(`${storage}: ${run + 1} kills, ${survived} sign-ins survived`);
    }
    for (const worker of workers) {
      late += worker.waiting.length;
      await worker.late();
      survived += await worker.check();
    }
    console.log(`${storage}: ${runs} kills, ${survived} sign-ins survived, ${late} codes came after a kill`);
    expect(survived).toBeGreaterThanOrEqual(runs);
  } finally {
    await target.stop();
  }
});

test('without PostgreSQL everything is answered 503 with Retry-After, and it recovers by itself', { tag: '@postgres' }, async ({ storage }) => {
  test.setTimeout(150_000);
  const state = `target/postgres-faults-${process.pid}`;
  const cluster = (what: string) => execFileSync(postgres, [what], { env: { ...process.env, POSTGRES_STATE: state } });
  let target: Hurt | undefined;
  try {
    target = await Hurt.start(storage, {}, state);
    const { person, visitor } = await target.enrolled();
    const waiting = await target.withPassword(person);
    const code = await target.code(person.email);
    cluster('halt');
    const calls = [
      () => visitor.get('/account'),
      () => visitor.call('sessions/list', { audience }),
      () => waiting.call('login/verify', { audience, code }),
      () => waiting.call('login/verify', { audience, code: not(code) }),
      () => target!.visitor().call('login/log_in', { audience, ...person }),
      () => target!.visitor().call('login/log_in', { audience, ...person, password: 'wrong-wrong-wrong' }),
      () => target!.visitor().call('password/ask_reset', { audience, email: person.email }),
    ];
    for (const answer of await Promise.all([...calls, ...calls].map((call) => call()))) {
      expect(answer.status, answer.text).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.headers['set-cookie'] ?? []).not.toContainEqual(expect.stringMatching(/session/));
      expect(answer.text).not.toMatch(/postgres|sqlx|pool|connection/i);
    }
    // What it said last is good for a second.
    await expect.poll(async () => (await target!.visitor().get('/readyz')).status).toBe(503);
    expect((await target.visitor().get('/healthz')).status).toBe(200);
    cluster('again');
    await expect.poll(async () => (await target!.visitor().get('/readyz')).status, { timeout: 20_000 }).toBe(200);
    expect(await target.isIn(visitor)).toBe(true);
    ok(await waiting.call('login/verify', { audience, code }));
    expect(await target.isIn(waiting)).toBe(true);
    // Stopped and started at once, under requests all the time.
    let over = false;
    const statuses = new Set<number>();
    const asking = Array.from({ length: 8 }, async () => {
      while (!over) statuses.add((await visitor.twin().call('sessions/list', { audience })).status);
    });
    await pause(200);
    cluster('halt');
    cluster('again');
    await pause(1_000);
    over = true;
    await Promise.all(asking);
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses).toContain(200);
  } finally {
    await target?.stop();
    cluster('stop');
  }
});

test('on a full disk nothing is half-written and no door opens, and with room it goes on', { tag: '@small-disk' }, async ({ storage }) => {
  test.setTimeout(90_000);
  const disk = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  mountSmallDisk(disk);
  let target: Hurt | undefined;
  try {
    target = await Hurt.start(storage, { COUNTERSIGN_DATA_DIR: join(disk, 'data') });
    const { person, visitor } = await target.enrolled();
    const waiting = await target.withPassword(person);
    const code = await target.code(person.email);
    const filler = join(disk, 'filler');
    const fill = () => {
      const { bfree, bsize } = statfsSync(disk);
      if (bfree > 0) writeFileSync(filler, Buffer.alloc(bfree * bsize), { flag: 'a' });
    };
    // SQLite goes on for as long as it finds room in what it has taken already: events of the log use that up.
    const stranger = () => ({ audience, email: `${Math.random()}@people.example`, password: 'wrong-wrong-wrong' });
    const readiness = async () => {
      fill();
      await Promise.all(Array.from({ length: 40 }, () => target!.visitor().call('login/log_in', stranger())));
      return (await target!.visitor().get('/readyz')).status;
    };
    await expect.poll(readiness, { timeout: 60_000, intervals: [20] }).toBe(503);
    const calls = [
      () => waiting.call('login/verify', { audience, code }),
      () => waiting.call('login/verify', { audience, code: not(code) }),
      () => target!.visitor().call('login/log_in', { audience, ...person }),
      () => target!.visitor().call('login/log_in', { audience, ...person, password: 'wrong-wrong-wrong' }),
    ];
    for (const call of calls) {
      const answer = await call();
      // The same for right and wrong.
      expect(answer.status, answer.text).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer.headers['set-cookie'] ?? []).not.toContainEqual(expect.stringMatching(/session/));
      expect(answer.text).not.toMatch(/sqlite|disk|full/i);
    }
    expect(await target.isIn(waiting)).toBe(false);
    expect((await target.visitor().get('/healthz')).status).toBe(200);
    await rm(filler);
    await expect.poll(async () => (await target!.visitor().get('/readyz')).status, { timeout: 20_000 }).toBe(200);
    expect(await target.isIn(visitor)).toBe(true);
    // Neither tried nor used up meanwhile.
    ok(await waiting.call('login/verify', { audience, code }));
    expect(await target.isIn(waiting)).toBe(true);
    const next = await target.withPassword(person);
    await target.servers[0].crash(['serve']);
    ok(await next.call('login/verify', { audience, code: await target.code(person.email) }));
  } finally {
    await target?.stop();
    unmount(disk);
  }
});

test('a lost or wrong key is refused with words, and nothing is replaced', async ({ storage }) => {
  const target = await Hurt.start(storage);
  try {
    const key = join(target.servers[0].dataDir, 'secret.key');
    const right = await readFile(key, 'utf8');
    const refused = async (words: RegExp) => {
      const { code, stderr, stdout } = await target.servers[0].run(['serve']);
      expect(code).toBe(1);
      expect(stderr).toMatch(words);
      expect(stdout + stderr).not.toContain(right.trim().split(':')[1]);
    };
    await rename(key, `${key}.away`);
    await refused(/^countersign: .*secret\.key is not there, .*put the key back from its backup/m);
    await expect(readFile(key)).rejects.toThrow();
    await writeFile(key, `1:${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 });
    await refused(/^countersign: .*holds another key 1 than the one that this database was sealed with/m);
    await rename(`${key}.away`, key);
    await target.servers[0].crash(['serve']);
    await target.enrolled();
  } finally {
    await target.stop();
  }
});

// It takes half a minute, and two servers tell more than one.
test('keys are rotated while servers work', { tag: '@postgres' }, async ({ storage }) => {
  test.setTimeout(120_000);
  const target = await Hurt.start(storage);
  try {
    const key = join(target.servers[0].dataDir, 'secret.key');
    const before = await readFile(key, 'utf8');
    let over = false;
    const workers = [new Worker(target), new Worker(target)];
    const working = workers.map((worker) => worker.work(() => !over));
    const told = await target.run(['key', 'rotate']).finally(() => (over = true));
    await Promise.all(working);
    expect(told).toMatch(/Sealed anew: [1-9]\d*\. Left because no key opens them: 0\./);
    for (const worker of workers) expect(await worker.check()).toBeGreaterThan(0);
    expect(workers.flatMap(({ waiting }) => waiting)).toEqual([]);
    const after = await readFile(key, 'utf8');
    expect(after).toMatch(/^2:/);
    expect(after).not.toContain(before.trim());
    // Both with what they have in memory, and after a start with the new key alone.
    for (const { url } of target.servers) expect((await new Visitor([url]).get('/readyz')).status).toBe(200);
    await target.enrolled();
    await Promise.all(target.servers.map((server) => server.crash(['serve'])));
    await target.enrolled();
  } finally {
    await target.stop();
  }
});
