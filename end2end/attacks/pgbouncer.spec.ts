// Two servers that reach their database by way of PgBouncer.
import { execFileSync } from 'node:child_process';
import { Hurt } from '../support/faults';
import { PgBouncer, keepsStatements, whyNoPgBouncer } from '../support/pgbouncer';
import { expect, ok, postgres, test } from '../support/target';

const missing = whyNoPgBouncer();
const cluster = () => execFileSync(postgres, ['start'], { encoding: 'utf8' }).trim();

/** A new person enrolls and signs in by a code, each request at the other server. */
async function signsIn(target: Hurt): Promise<void> {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  expect(await target.isIn(visitor)).toBe(false);
  ok(await visitor.call('login/verify', { audience: 'customer', code: await target.code(person.email) }));
  for (let turn = 0; turn < 2; turn++) expect(await target.isIn(visitor)).toBe(true);
}

test('in session mode everything works as without it', { tag: '@postgres' }, async ({ storage }) => {
  test.skip(missing !== undefined, missing);
  test.setTimeout(120_000);
  const bouncer = await PgBouncer.start(cluster(), 'session');
  let target: Hurt | undefined;
  try {
    target = await Hurt.start(storage, {}, undefined, (address) => bouncer.through(address));
    await signsIn(target);
  } finally {
    await target?.stop();
    await bouncer.stop();
  }
});

test('in transaction mode it works, or is refused at the start with a line that says what to set', { tag: '@postgres' }, async ({ storage }) => {
  test.skip(missing !== undefined, missing);
  test.setTimeout(120_000);
  const bouncer = await PgBouncer.start(cluster(), 'transaction');
  let target: Hurt | undefined;
  try {
    const starting = Hurt.start(storage, {}, undefined, (address) => bouncer.through(address));
    if (!keepsStatements()) {
      await expect(starting).rejects.toThrow(/^countersign: .*pooler in transaction mode.* set pool_mode=session/m);
      return;
    }
    target = await starting;
    await signsIn(target);
  } finally {
    await target?.stop();
    await bouncer.stop();
  }
});
