// Questions of passkeys, which everybody may ask for any address.
import { expect, test } from '../support/target';

type Options = { challenge: string; allowCredentials: { id: string; type: string }[] };
const customer = { audience: 'customer' };

test('a question does not tell whose address it is, and its answer counts for nothing made up', async ({ target }) => {
  const { person } = await target.enrolled();
  const shapes: string[] = [];
  for (const email of [person.email, 'nobody@people.example']) {
    const seen: Options[] = [];
    for (let round = 0; round < 2; round++) {
      const asked = await target.visitor().call('login/passkey_question', { ...customer, email });
      expect(asked.status).toBe(200);
      const { options, question, ...rest } = JSON.parse(asked.text) as { options: string; question: string };
      expect(Object.keys(rest)).toEqual(['origin']);
      const { challenge, allowCredentials, ...others } = JSON.parse(options) as Options;
      seen.push({ challenge, allowCredentials });
      shapes.push(JSON.stringify([Object.keys(allowCredentials[0]).sort(), others, question.length]));
      const given = { ...customer, ...person, question, answer: '{}' };
      expect((await target.visitor().call('login/log_in_with_passkey', given)).status).toBe(401);
    }
    expect(seen[0].allowCredentials).toEqual(seen[1].allowCredentials);
    expect(seen[0].challenge).not.toBe(seen[1].challenge);
  }
  expect(new Set(shapes).size).toBe(1);
});

test('one address asks only so many', async ({ target }) => {
  const visitor = target.visitor();
  const statuses: number[] = [];
  for (let block = 0; block < 11; block++) {
    const asked = Array.from({ length: 10 }, (_, index) =>
      visitor.call('login/passkey_question', { ...customer, email: `u${block}.${index}@people.example` }),
    );
    statuses.push(...(await Promise.all(asked)).map(({ status }) => status));
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(100);
  expect(statuses.filter((status) => status === 429)).toHaveLength(10);
});
