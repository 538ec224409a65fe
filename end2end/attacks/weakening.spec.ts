// What weakens protection, moves messages or reads bulk data needs a fresh proof.
import { type Target, expect, ok, test } from '../support/target';
import type { Visitor } from '../support/visitor';

const admin = { audience: 'admin' };
const nothing = '00000000-0000-0000-0000-000000000001';

/** An administrator with an entry, who came in by password and a trusted device. */
async function byTrustedDevice(target: Target): Promise<Visitor> {
  await target.run(['config', 'import'], '[policy.admin]\nallowed = true\n');
  const { person } = await target.enrolled('admin');
  const visitor = await target.withPassword(person, 'admin');
  ok(await visitor.call('login/verify', { ...admin, code: await target.code(person.email), trust: 'on' }));
  ok(await visitor.call('login/log_out', admin));
  ok(await visitor.call('login/log_in', { ...admin, ...person }));
  expect(await target.isIn(visitor, 'admin')).toBe(true);
  return visitor;
}

const smtp = {
  'form[title]': 'Elsewhere',
  'form[host]': 'mail.example.org',
  'form[port]': '25',
  'form[encryption]': 'none',
  'form[user_name]': '',
  'form[from_address]': 'no-reply@people.example',
  'form[from_name]': '',
};

test('an administrator by password and trusted device weakens nothing', async ({ target }) => {
  const visitor = await byTrustedDevice(target);
  const attempts: [string, Record<string, string>][] = [
    ['policy/set_allowed', { audience: 'customer', allowed: 'false' }],
    ['policy/set_allowed', { audience: 'admin', allowed: 'false' }],
    ['policy/set_forbidden', { audience: 'customer', kind: 'smtp', forbidden: 'true', confirmed: 'yes' }],
    ['services/save', { id: '', ...smtp }],
    ['services/set_active', { id: nothing, active: 'false', confirmed: 'yes' }],
    ['services/delete', { id: nothing, confirmed: 'yes' }],
    ['secondary_auth/save', { id: '', title: 'Elsewhere', service: nothing }],
    ['secondary_auth/delete', { id: nothing, confirmed: 'yes' }],
    ['secondary_auth/restore', { id: nothing }],
    ['approvals/approve', { id: nothing }],
    ['users/help', { audience: 'customer', id: nothing, help: 'restore-entry', item: nothing }],
    ['configuration/save', { key: 'session_idle', value: '60' }],
    ['configuration/save_all', { 'values[idle_minutes]': '60' }],
    ['recovery/issue', { id: nothing }],
  ];
  for (const [endpoint, form] of attempts) {
    const answer = await visitor.call(endpoint, form);
    expect(answer.status, `${endpoint}: ${answer.text}`).toBe(403);
  }
  const exported = await visitor.get('/admin/audit.csv');
  expect([303, 403]).toContain(exported.status);
  expect(exported.text).not.toContain('account_created');
});

test('a stopped provider does not turn the password into the removal of the entry', async ({ target }) => {
  const { person } = await target.enrolled();
  const stop = async (active: boolean) => {
    const exported = await target.run(['config', 'export']);
    await target.run(['config', 'import'], exported.replaceAll(/^active = \w+$/gm, `active = ${active}`));
  };
  await stop(false);
  try {
    const visitor = target.visitor();
    await visitor.call('login/log_in', { audience: 'customer', ...person });
    if (await target.isIn(visitor)) {
      await visitor.call('step_up/confirm', { audience: 'customer', password: person.password, to: '' });
      const { entries } = JSON.parse((await visitor.call('enrollment/overview', { audience: 'customer' })).text);
      const deleted = await visitor.call('enrollment/delete', { audience: 'customer', id: entries[0].id });
      expect([401, 403, 409, 422]).toContain(deleted.status);
      const form = { audience: 'customer', current_password: person.password, new_password: 'marble-thunder-cabinet' };
      expect((await visitor.call('account/change_password', form)).status).toBeGreaterThanOrEqual(400);
    }
  } finally {
    await stop(true);
  }
  const visitor = await target.withPassword(person);
  expect(await target.isIn(visitor), 'the entry is still there and asked for').toBe(false);
});

test('link-local hosts are no providers, however they are written', async ({ target }) => {
  await target.run(['config', 'import'], '[policy.admin]\nallowed = true\n');
  const { visitor } = await target.enrolled('admin');
  const hosts = [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fd00:ec2::254',
    '[fe80::1]',
  ];
  for (const host of hosts) {
    const answer = await visitor.call('services/save', { id: '', ...smtp, 'form[host]': host });
    expect(answer.status, `${host}: ${answer.text}`).toBe(422);
  }
});
