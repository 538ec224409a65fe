// Codes: guessed, repeated, moved, and sent in numbers.
import { expect, not, ok, test } from '../support/target';

test('a code that was accepted is used up, in every session', async ({ target }) => {
  const { person } = await target.enrolled();
  const first = await target.withPassword(person);
  const code = await target.code(person.email);
  ok(await first.call('login/verify', { audience: 'customer', code }));
  const second = target.visitor();
  ok(await second.call('login/log_in', { audience: 'customer', ...person }));
  expect((await second.call('login/verify', { audience: 'customer', code })).status).toBe(422);
  expect(await target.isIn(second)).toBe(false);
});

test('of twenty submits of one right code at once, one opens a session, and none counts as wrong', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const code = await target.code(person.email);
  const tabs = Array.from({ length: 20 }, () => visitor.twin());
  const answers = await Promise.all(tabs.map((tab) => tab.call('login/verify', { audience: 'customer', code })));
  expect(answers.every(({ status }) => status < 500)).toBe(true);
  expect((await Promise.all(tabs.map((tab) => target.isIn(tab)))).filter(Boolean)).toHaveLength(1);
  // Nothing is locked: the next sign-in has all its attempts.
  const next = await target.withPassword(person);
  ok(await next.call('login/verify', { audience: 'customer', code: await target.code(person.email) }));
});

test('after five wrong codes the right one is refused too, from every address', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const code = await target.code(person.email);
  const wrong = Array.from({ length: 12 }, (_, index) => not(code, index + 1));
  const forms = wrong.map((guess) => ({ audience: 'customer', code: guess }));
  await Promise.all(forms.map((form, index) => visitor.call('login/verify', form, { 'x-forwarded-for': `10.9.8.${index}` })));
  expect((await visitor.call('login/verify', { audience: 'customer', code })).status).toBe(422);
  expect(await target.isIn(visitor)).toBe(false);
});

test('a code works for the purpose, account and session that asked for it', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const code = await target.code(person.email);
  const another = await target.withPassword((await target.enrolled()).person);
  expect((await another.call('login/verify', { audience: 'customer', code })).status).toBe(422);
  expect((await visitor.call('step_up/verify', { audience: 'customer', code })).status).toBe(401);
  expect((await visitor.call('enrollment/verify', { audience: 'customer', code })).status).toBe(401);
  ok(await visitor.call('login/verify', { audience: 'customer', code }));
});

test('new codes are paused, whoever asks', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const form = { audience: 'customer', purpose: 'sign_in' };
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) => visitor.call('challenge/send_new_code', form, { 'x-forwarded-for': `10.9.7.${index}` })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
  expect((await target.codes(person.email)).length).toBeLessThanOrEqual(2);
});

test('digits of other scripts, spaces and dashes are the same code', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const code = await target.code(person.email);
  const arabic = [...code].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join('');
  const typed = `\u200e${arabic.slice(0, 3)}\u00a0\u2013\u200b${arabic.slice(3)}\u200f`;
  ok(await visitor.call('login/verify', { audience: 'customer', code: typed }));
  expect(await target.isIn(visitor)).toBe(true);
});

test('a code survives a reload, a second tab and a double click', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const code = await target.code(person.email);
  const sent = (await target.codes(person.email)).length;
  for (const tab of [visitor, visitor, visitor.twin()]) expect(ok(await tab.get('/login/code')).text).toContain('Verification Code');
  expect(await target.codes(person.email)).toHaveLength(sent);
  const tab = visitor.twin();
  const answers = await Promise.all([tab, visitor].map((one) => one.call('login/verify', { audience: 'customer', code })));
  expect(answers.some(({ status }) => status < 400)).toBe(true);
});
