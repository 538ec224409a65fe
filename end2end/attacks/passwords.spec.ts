// Passwords: guessed from everywhere, and typed by machines that write letters differently.
import { expect, ok, test } from '../support/target';

const customer = { audience: 'customer' };

test('strangers with wrong passwords do not keep the owner out of a browser that is known', async ({ target }) => {
  const { person, visitor: owner } = await target.enrolled();
  ok(await owner.call('login/log_out', customer));
  for (let round = 0; round < 14; round++) {
    const stranger = target.visitor();
    expect((await stranger.call('login/log_in', { ...customer, email: person.email, password: `wrong-${round}` })).status).toBe(401);
  }
  ok(await owner.call('login/log_in', { ...customer, ...person }));
  ok(await owner.call('login/verify', { ...customer, code: await target.code(person.email) }));
  expect(await target.isIn(owner)).toBe(true);
});

test('nor do they make the right password of a signed-in owner a wrong one', async ({ target }) => {
  const { person, visitor: owner } = await target.enrolled();
  for (let round = 0; round < 14; round++) {
    await target.visitor().call('login/log_in', { ...customer, email: person.email, password: `wrong-${round}` });
  }
  ok(await owner.call('step_up/confirm', { ...customer, password: person.password, to: '' }));
});

test('known, unknown and paused addresses are answered alike', async ({ target }) => {
  const { person } = await target.enrolled();
  const answers: string[] = [];
  for (const email of [person.email, 'nobody@people.example']) {
    for (let round = 0; round < 12; round++) {
      const answer = await target.visitor().call('login/log_in', { ...customer, email, password: `wrong-${round}` });
      answers.push(`${answer.status} ${answer.text.replaceAll(email, '')}`);
    }
  }
  expect(new Set(answers).size).toBe(1);
});

test('one address gets only so many attempts, whatever it says it is', async ({ target }) => {
  // The proxy adds the visitor's address; what stands before it is the visitor's own word.
  const visitor = target.visitor();
  const statuses = new Set<number>();
  for (let block = 0; block < 11; block++) {
    const attempts = Array.from({ length: 10 }, (_, index) => {
      const guess = { ...customer, email: `u${block}.${index}@people.example`, password: 'wrong-wrong' };
      const claims = [`203.0.${block}.${index}`, `203.0.113.7:${1000 + index}`, `"[2001:db8::${index}]:80"`, 'caf\u00e9'];
      return visitor.call('login/log_in', guess, { 'x-forwarded-for': `${claims[index % 4]}, ${visitor.address}:${2000 + index}` });
    });
    for (const { status } of await Promise.all(attempts)) statuses.add(status);
  }
  expect([...statuses].every((status) => status === 401 || status === 429)).toBe(true);
  // Even a right password has to wait at that address, and elsewhere it does not.
  const person = await target.person();
  expect((await visitor.call('login/log_in', { ...customer, ...person })).status).not.toBeLessThan(400);
  ok(await target.visitor().call('login/log_in', { ...customer, ...person }));
});

test('a /64 of IPv6 is one client', async ({ target }) => {
  const network = `2001:db8:${(process.pid % 0xfff0).toString(16)}:7`;
  for (let block = 0; block < 11; block++) {
    const attempts = Array.from({ length: 10 }, (_, index) =>
      target.visitor(`${network}::${block}${index}`).call('login/log_in', { ...customer, email: `v${block}.${index}@people.example`, password: 'wrong-wrong' }),
    );
    await Promise.all(attempts);
  }
  const person = await target.person();
  const neighbour = target.visitor(`${network}:ffff::1`);
  expect((await neighbour.call('login/log_in', { ...customer, ...person })).status).not.toBeLessThan(400);
});

test('composed and decomposed letters are the same password', async ({ target }) => {
  const { person, visitor } = await target.enrolled();
  const [composed, decomposed] = ['caf\u00e9-harbour-vi\u00f1edo', 'cafe\u0301-harbour-vin\u0303edo'];
  ok(await visitor.call('account/change_password', { ...customer, current_password: person.password, new_password: decomposed }));
  ok(await target.visitor().call('login/log_in', { ...customer, email: person.email, password: composed }));
  ok(await target.visitor().call('login/log_in', { ...customer, email: person.email, password: decomposed }));
});
