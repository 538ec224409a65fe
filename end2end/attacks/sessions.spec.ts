// Sessions: half open ones, old ones, and those that were open before there was a second factor.
import { expect, ok, test } from '../support/target';

const customer = { audience: 'customer' };

test('a session that waits for its code reaches nothing', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  for (const endpoint of ['account/me', 'account/security', 'sessions/list', 'devices/list', 'enrollment/overview']) {
    expect((await visitor.call(endpoint, customer)).status, endpoint).toBe(401);
  }
  expect((await visitor.get('/account')).status).toBe(401);
});

test('the token of each step is dead after the next', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  const waiting = visitor.twin();
  ok(await visitor.call('login/verify', { ...customer, code: await target.code(person.email) }));
  expect(await target.isIn(visitor)).toBe(true);
  expect(await target.isIn(waiting)).toBe(false);
  const open = visitor.twin();
  ok(await visitor.call('login/log_out', customer));
  expect(await target.isIn(open)).toBe(false);
});

test('a session opened by password alone is worth nothing once there is an entry', async ({ target }) => {
  const person = await target.person();
  const stranger = await target.withPassword(person);
  const owner = await target.withPassword(person);
  await target.enroll(owner, person);
  expect(await target.isIn(owner)).toBe(true);
  expect(await target.isIn(stranger)).toBe(false);
});

test('a new password ends what was begun with the old one, waiting or not', async ({ target }) => {
  const { person, visitor } = await target.enrolled();
  const waiting = await target.withPassword(person);
  const code = await target.code(person.email);
  const [current, password] = [person.password, 'marble-thunder-cabinet'];
  ok(await visitor.call('account/change_password', { ...customer, current_password: current, new_password: password }));
  expect((await waiting.call('login/verify', { ...customer, code })).status).toBe(401);
  expect(await target.isIn(waiting)).toBe(false);
});

test('a trusted device does not replace the code of a step-up', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  ok(await visitor.call('login/verify', { ...customer, code: await target.code(person.email), trust: 'on' }));
  ok(await visitor.call('login/log_out', customer));
  ok(await visitor.call('login/log_in', { ...customer, ...person }));
  expect(await target.isIn(visitor)).toBe(true);
  const { entries } = JSON.parse((await visitor.call('enrollment/overview', customer)).text);
  expect((await visitor.call('enrollment/delete', { ...customer, id: entries[0].id })).status).toBe(403);
});

test('the cookie of a trusted device is accepted in six tabs at once', async ({ target }) => {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  ok(await visitor.call('login/verify', { ...customer, code: await target.code(person.email), trust: 'on' }));
  ok(await visitor.call('login/log_out', customer));
  const tabs = Array.from({ length: 6 }, () => visitor.twin());
  await Promise.all(tabs.map((tab) => tab.call('login/log_in', { ...customer, ...person })));
  expect(await Promise.all(tabs.map((tab) => target.isIn(tab)))).toEqual(Array(6).fill(true));
});

test('other accounts and the console are out of reach', async ({ target }) => {
  const { visitor } = await target.enrolled();
  const calls: [string, Record<string, string>][] = [
    ['users/list', customer],
    ['policy/set_allowed', { ...customer, allowed: 'false' }],
    ['services/list', {}],
    ['audit/list', {}],
    ['recovery/issue', { id: '00000000-0000-0000-0000-000000000001' }],
  ];
  for (const [endpoint, form] of calls) {
    expect((await visitor.call(endpoint, form)).status, endpoint).toBe(403);
  }
});
