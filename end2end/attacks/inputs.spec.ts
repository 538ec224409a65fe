// What no keyboard types: control characters, marks that turn the direction of text, huge and empty values.
import { expect, ok, test } from '../support/target';

const customer = { audience: 'customer' };
const odd = { NUL: '\u0000', bell: '\u0007', 'line separator': '\u2028', 'right-to-left override': '\u202e', 'lone surrogate': '\ufffd', DEL: '\u007f' };

for (const [name, mark] of Object.entries(odd)) {
  test(`${name} in any field is an ordinary wrong input`, async ({ target }) => {
    const stranger = target.visitor();
    const forms: [string, Record<string, string>][] = [
      ['login/log_in', { ...customer, email: `a${mark}b@people.example`, password: `x${mark}` }],
      ['password/ask_reset', { ...customer, email: `a${mark}b@people.example` }],
      ['password/reset_link', { token: `x${mark}` }],
      ['account/email_link', { token: `x${mark}` }],
      ['invitation/check', { token: `x${mark}` }],
    ];
    for (const [endpoint, form] of forms) {
      const { status, text } = await stranger.call(endpoint, form);
      expect(status, `${endpoint}: ${text}`).toBeLessThan(500);
    }
    const { person, visitor } = await target.enrolled();
    const waiting = await target.withPassword(person);
    for (const [endpoint, form, who] of [
      ['login/verify', { ...customer, code: `1${mark}2` }, waiting],
      ['recovery/sign_in', { ...customer, recovery_code: `1${mark}2` }, waiting],
      ['challenge/choose', { ...customer, purpose: 'sign_in', id: `x${mark}` }, waiting],
      ['account/change_name', { ...customer, name: `Pat${mark}` }, visitor],
      ['enrollment/send_code', { ...customer, method: 'x', email: `a${mark}@people.example` }, visitor],
      ['devices/revoke', { ...customer, id: `x${mark}` }, visitor],
      ['step_up/confirm', { ...customer, password: `x${mark}` }, visitor],
    ] as const) {
      const { status, text } = await who.call(endpoint, form);
      expect(status, `${endpoint}: ${text}`).toBeLessThan(500);
    }
  });
}

test('names refuse marks that change how the rest is read', async ({ target }) => {
  const { visitor } = await target.enrolled();
  for (const mark of ['\u202e', '\u2066', '\u2028', '\u0000', '\u001b']) {
    const { status } = await visitor.call('account/change_name', { ...customer, name: `Pat${mark}tap` });
    expect(status, JSON.stringify(mark)).toBe(422);
  }
  ok(await visitor.call('account/change_name', { ...customer, name: 'Zoë Ångström-Ито' }));
});

test('look-alike addresses are different accounts, and other spellings of one are the same', async ({ target }) => {
  const { person } = await target.enrolled();
  const lookalike = person.email.replace('p', '\u0440');
  expect((await target.visitor().call('login/log_in', { ...customer, email: lookalike, password: person.password })).status).toBe(401);
  ok(await target.visitor().call('login/log_in', { ...customer, email: ` ${person.email.toUpperCase()} `, password: person.password }));
});
