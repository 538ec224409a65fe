// The link in a notice: it stops things for its own account, once, and opens nothing.
import { linkIn } from '../support/mailbox';
import { type Target, expect, ok, test } from '../support/target';

const customer = { audience: 'customer' };

/** Somebody who was told of a trusted device, the token in that message, and who is signed in. */
async function told(target: Target) {
  const { person } = await target.enrolled();
  const visitor = await target.withPassword(person);
  ok(await visitor.call('login/verify', { ...customer, code: await target.code(person.email), trust: 'on' }));
  let mail: string | undefined;
  await expect
    .poll(async () => {
      mail = (await target.mail(person.email)).find((text) => text.includes('A browser was trusted.'));
      return mail !== undefined;
    })
    .toBe(true);
  const token = linkIn(mail as string, '/not-me/').split('/').pop() as string;
  return { person, visitor, token };
}

test('opening the page, and asking by GET or from another site, stops nothing', async ({ target }) => {
  const { visitor, token } = await told(target);
  const page = await target.visitor().get(`/not-me/${token}`);
  expect(page.status).toBe(200);
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.headers['referrer-policy']).toBe('same-origin');
  expect((await target.visitor().get(`/api/not_me/stop?token=${token}`)).status).toBeGreaterThanOrEqual(400);
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  expect((await target.visitor().call('not_me/stop', { token }, foreign)).status).toBe(403);
  expect(await target.isIn(visitor)).toBe(true);
});

test('it works once for its own account, and is no other kind of link', async ({ target }) => {
  const { person, visitor, token } = await told(target);
  const other = await target.enrolled();
  for (const [endpoint, form] of [
    ['password/reset_link', {}],
    ['password/set', { password: 'seven lakes walk home' }],
    ['account/confirm_email', {}],
  ] as const) {
    expect((await target.visitor().call(endpoint, { token, ...form })).status, endpoint).toBe(410);
  }
  const answers = await Promise.all(Array.from({ length: 8 }, () => target.visitor().call('not_me/stop', { token })));
  expect(answers.filter(({ status }) => status < 400)).toHaveLength(1);
  expect(await target.isIn(visitor)).toBe(false);
  expect(await target.isIn(other.visitor)).toBe(true);
  expect((await target.visitor().call('login/log_in', { ...customer, ...person })).status).toBe(401);
  ok(await target.visitor().call('login/log_in', { ...customer, ...other.person }));
  const used = await target.visitor().call('not_me/stop', { token });
  const guessed = await target.visitor().call('not_me/stop', { token: 'a'.repeat(token.length) });
  expect([used.status, used.text]).toEqual([guessed.status, guessed.text]);
});
