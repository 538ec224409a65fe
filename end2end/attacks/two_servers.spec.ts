// Two servers behave as one: every kind of sign-in with each request at the other server than the last one, and what
// happens on both at the same moment.
import { setTimeout as pause } from 'node:timers/promises';
import { AuthenticatorApp } from '../support/authenticator';
import { Hurt } from '../support/faults';
import { type Target, expect, not, ok, test } from '../support/target';
import { Visitor } from '../support/visitor';

const customer = { audience: 'customer' };
const tag = '@postgres';

/** The same browser at each of the servers alone. */
function onEach(target: Target, visitor: Visitor): Visitor[] {
  return target.servers.map(({ url }) => {
    const one = new Visitor([url], visitor.address);
    for (const [name, value] of visitor.cookies) one.cookies.set(name, value);
    return one;
  });
}

const json = (answer: { text: string }) => JSON.parse(answer.text);

test('every kind of sign-in goes through both servers by turns', { tag }, async ({ target }) => {
  test.setTimeout(90_000);
  expect(target.servers).toHaveLength(2);
  const { person, visitor } = await target.enrolled();
  // A code by email, and a trusted device from then on.
  const second = await target.withPassword(person);
  expect(await target.isIn(second)).toBe(false);
  ok(await second.call('login/verify', { ...customer, code: await target.code(person.email), trust: 'on' }));
  for (let turn = 0; turn < 4; turn++) expect(await target.isIn(second)).toBe(true);
  ok(await second.call('login/log_out', customer));
  for (let turn = 0; turn < 2; turn++) expect(await target.isIn(second)).toBe(false);
  ok(await second.call('login/log_in', { ...customer, ...person }));
  for (let turn = 0; turn < 2; turn++) expect(await target.isIn(second)).toBe(true);

  // Recovery codes, made and shown by different servers, each of them accepted once.
  ok(await visitor.call('step_up/confirm', { ...customer, password: person.password, to: '' }));
  ok(await visitor.call('step_up/verify', { ...customer, code: await target.code(person.email), to: '' }));
  ok(await visitor.call('recovery/make', customer));
  const { fresh } = json(ok(await visitor.call('recovery/overview', customer)));
  expect(fresh).toHaveLength(10);
  const third = await target.withPassword(person);
  ok(await third.call('recovery/sign_in', { ...customer, recovery_code: fresh[0] }));
  for (let turn = 0; turn < 2; turn++) expect(await target.isIn(third)).toBe(true);
  const again = await target.withPassword(person);
  for (let turn = 0; turn < 2; turn++) {
    expect((await again.call('recovery/sign_in', { ...customer, recovery_code: fresh[0] })).status).toBe(422);
  }

  // A helpdesk code, by the command line of the first server.
  const helpdesk = (await target.run(['account', 'helpdesk-code', '--email', person.email])).trim().split(' ').pop() as string;
  ok(await again.call('recovery/sign_in', { ...customer, recovery_code: helpdesk }));
  for (let turn = 0; turn < 2; turn++) expect(await target.isIn(again)).toBe(true);

  // An authenticator app, set up on one and used on the other.
  await target.run(['provider', 'add', 'authenticator', '--title', 'App', '--offer', 'Authenticator app']);
  const newcomer = await target.person();
  const browser = await target.withPassword(newcomer);
  const { choices } = json(ok(await browser.call('enrollment/overview', customer)));
  const method = choices.find(({ kind }: { kind: string }) => kind === 'authenticator').id;
  ok(await browser.call('enrollment/send_code', { ...customer, method }));
  const app = new AuthenticatorApp(json(ok(await browser.call('enrollment/proving', customer))).set_up.key);
  ok(await browser.call('enrollment/verify', { ...customer, code: app.next() }));
  const fourth = await target.withPassword(newcomer);
  // What one server has accepted, the other one does not accept again.
  for (let turn = 0; turn < 2; turn++) {
    expect((await fourth.call('login/verify', { ...customer, code: app.again() })).status).toBe(422);
  }
  ok(await fourth.call('login/verify', { ...customer, code: app.next() }));
  for (let turn = 0; turn < 2; turn++) expect(await target.isIn(fourth)).toBe(true);
});

test('one code on both servers at once opens one session', { tag }, async ({ target }) => {
  const { person } = await target.enrolled();
  const waiting = await target.withPassword(person);
  const code = await target.code(person.email);
  const tabs = onEach(target, waiting).flatMap((tab) => [tab, tab.twin(), tab.twin()]);
  const answers = await Promise.all(tabs.map((tab) => tab.call('login/verify', { ...customer, code })));
  expect(answers.every(({ status }) => status < 500)).toBe(true);
  expect((await Promise.all(tabs.map((tab) => target.isIn(tab)))).filter(Boolean)).toHaveLength(1);
});

test('wrong codes on both servers at once count together', { tag }, async ({ target }) => {
  const { person } = await target.enrolled();
  const waiting = await target.withPassword(person);
  const code = await target.code(person.email);
  const both = onEach(target, waiting);
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => both[n % 2].twin().call('login/verify', { ...customer, code: not(code, n + 1) })),
  );
  for (const one of both) expect((await one.call('login/verify', { ...customer, code })).status).toBe(422);
});

test('a code that one server has replaced is refused by the other, and the new one accepted', { tag }, async ({ target }) => {
  test.setTimeout(90_000);
  const { person } = await target.enrolled();
  const waiting = await target.withPassword(person);
  const code = await target.code(person.email);
  const [one, other] = onEach(target, waiting);
  // The pause after the first code.
  await expect
    .poll(async () => (await one.call('challenge/send_new_code', { ...customer, purpose: 'sign_in' })).status, {
      timeout: 45_000,
      intervals: [1_000],
    })
    .toBeLessThan(400);
  expect((await other.call('challenge/send_new_code', { ...customer, purpose: 'sign_in' })).status).toBe(429);
  const newer = await target.code(person.email);
  expect((await other.call('login/verify', { ...customer, code })).status).toBe(422);
  ok(await other.call('login/verify', { ...customer, code: newer }));
  expect(await target.isIn(other)).toBe(true);
});

test('a setting that is changed on one server holds on the other within a second', { tag }, async ({ target }) => {
  const exported = await target.run(['config', 'export']);
  const allowed = async (wanted: boolean) => {
    await target.run(['config', 'import'], `[policy.customer]\nallowed = ${wanted}\n`);
    await pause(1_000);
  };
  const { person } = await target.enrolled();
  try {
    await allowed(false);
    for (const { url } of target.servers) {
      const visitor = await target.withPassword(person, 'customer', new Visitor([url]));
      expect(await target.isIn(visitor), 'no code is asked for').toBe(true);
    }
    await allowed(true);
    for (const { url } of target.servers) {
      const visitor = await target.withPassword(person, 'customer', new Visitor([url]));
      expect(await target.isIn(visitor), 'a code is asked for').toBe(false);
    }
  } finally {
    await target.run(['config', 'import'], exported);
  }
});

test('what one server has learnt of a mail server that is down, the other one knows', { tag }, async ({ storage }) => {
  test.setTimeout(180_000);
  const target = await Hurt.start(storage);
  try {
    const people = await Promise.all(Array.from({ length: 6 }, () => target.enrolled()));
    await target.mailServer.stop();
    // Each failure counts, whichever server has it.
    for (const { person } of people) {
      const visitor = target.visitor();
      await visitor.call('login/log_in', { ...customer, ...person });
    }
    const admin = await target.person('admin');
    const console_ = await target.withPassword(admin, 'admin');
    for (let turn = 0; turn < 2; turn++) {
      const paused = async () => {
        const { providers } = json(ok(await onEach(target, console_)[turn].call('dashboard/overview')));
        return providers.some(({ paused }: { paused: unknown }) => paused !== null);
      };
      await expect.poll(paused, { timeout: 30_000 }).toBe(true);
    }
    // And once it is back, a code that either of them sends ends the pause for both.
    await target.mailServer.start();
    const { person } = people[0];
    await expect
      .poll(
        async () => {
          const visitor = target.visitor();
          await visitor.call('login/log_in', { ...customer, ...person });
          return (await target.codes(person.email)).length;
        },
        { timeout: 90_000, intervals: [10_000] },
      )
      .toBeGreaterThan(1);
    // The message arrives before its sender has written down that it did.
    for (const one of onEach(target, console_)) {
      const open = async () => {
        const { providers } = json(ok(await one.call('dashboard/overview')));
        return providers.every(({ paused }: { paused: unknown }) => paused === null);
      };
      await expect.poll(open, { timeout: 15_000 }).toBe(true);
    }
  } finally {
    await target.stop();
  }
});
