// Services and configuration at the terminal: `provider add`, `config check|export|import` and `doctor`.
import type { Server } from '../support/server';
import {
  configurationPath,
  field,
  heading,
  link,
  managerPath,
  row,
  secondaryAuthPath,
  servicesPath,
  signInAsAdmin,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';
import type { MailServer } from '../support/smtp';

test.use({ demoPer: 'test' });

const addMail = (demo: Server, mailServer: MailServer, ...more: string[]) =>
  demo.run([
    ...['provider', 'add', 'smtp', '--title', 'Mail', '--host', mailServer.host, '--port', String(mailServer.port)],
    ...['--encryption', 'none', '--from-address', 'no-reply@people.example', ...more],
  ]);

/** Expects a command to fail with one line that says this. */
function expectRefused(done: { code: number | null; stdout: string; stderr: string }, words: RegExp): void {
  expect(done.code).not.toBe(0);
  expect(done.stderr).toMatch(words);
  expect(done.stderr.trim().split('\n')).toHaveLength(1);
}

test('a provider that is added at the terminal is on the pages, with what is offered', async ({
  page,
  demo,
  mailServer,
}) => {
  const added = await addMail(demo, mailServer, '--offer', 'Email');
  expect(added.code, added.stderr).toBe(0);
  expect(added.stdout).toBe('The service provider Mail was added.\nIt is offered as Email.\n');
  for (const kind of ['authenticator', 'passkey']) {
    expect((await demo.run(['provider', 'add', kind, '--title', `By ${kind}`])).code).toBe(0);
  }
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await expect(row(page, 'Mail')).toContainText(`${mailServer.host}:${mailServer.port}`);
  for (const title of ['By authenticator', 'By passkey']) await expect(row(page, title)).toContainText('Active');
  await page.goto(secondaryAuthPath);
  await expect(row(page, 'Email')).toContainText('Mail');

  const offered = ['provider', 'add', 'passkey', '--title', 'Key', '--offer', 'Email'];
  expectRefused(await demo.run(offered), /^countersign: --offer: This is already in use/);
  expectRefused(await addMail(demo, mailServer), /^countersign: --title: This is already in use/);
});

test('a secret comes by standard input and stays secret', scriptedOnly, async ({ page, demo }) => {
  const args = ['provider', 'add', 'smtp', '--title', 'Relay', '--host', 'mail.example.org', '--user-name', 'robot'];
  const added = await demo.run([...args, '--from-address', 'no-reply@people.example', '--secret-stdin'], 'plum-4711\n');
  expect(added.code, added.stderr).toBe(0);
  expect(added.stdout + added.stderr).not.toContain('plum-4711');
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await link(row(page, 'Relay'), 'Edit').click();
  await expect(field(page, 'User name')).toHaveValue('robot');
  await expect(field(page, 'Password')).toHaveValue('');
  expect(await page.content()).not.toContain('plum-4711');
  const { stdout } = await demo.run(['config', 'export']);
  expect(stdout).not.toContain('plum-4711');
  expect(stdout).toContain('--secret-stdin');

  // The stored one goes to no other server.
  const moved = stdout.replace('mail.example.org', 'evil.example');
  expectRefused(await demo.run(['config', 'import'], moved), /line \d+: provider "Relay", password: Enter the password again/);
});

test.describe('with mail set up', scriptedOnly, () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('the configuration goes out into a file and comes back in', async ({ page, demo }) => {
    const { stdout: file } = await demo.run(['config', 'export']);
    expect(file).toContain('[[provider]]\ntitle = "SMTP"\nkind = "smtp"\nactive = true');
    expect(file).toContain('[policy.customer]\nallowed = true');
    const changed = `${file.replace('trusted_device_days = 30', 'trusted_device_days = 7')}
[[provider]]
title = "App"
kind = "authenticator"

[[secondary_auth]]
title = "Authenticator app"
provider = "App"
`;
    const dry = await demo.run(['config', 'import', '--dry-run'], changed);
    expect(dry.code, dry.stderr).toBe(0);
    for (const line of [
      'added    provider "App": kind = "authenticator"',
      'added    secondary auth "Authenticator app": provider = "App"',
      'changed  configuration: trusted_device_days from 30 to 7',
      'This was a dry run: nothing was changed.',
    ]) {
      expect(dry.stdout).toContain(line);
    }
    expect((await demo.run(['config', 'export'])).stdout).toBe(file);

    const real = await demo.run(['config', 'import'], changed);
    expect(real.code, real.stderr).toBe(0);
    await signInAsAdmin(page);
    await page.goto(configurationPath);
    await expect(field(page, 'Trusted Device Expiration (2FA)')).toHaveValue('7');
    await page.goto(secondaryAuthPath);
    await expect(row(page, 'Authenticator app')).toBeVisible();
    await page.goto('/admin/audit');
    await expect(row(page, 'Trusted Device Expiration (2FA)').first()).toContainText('Command line');

    const again = await demo.run(['config', 'import'], changed);
    expect(again.stdout).not.toMatch(/^(added|changed) /m);
  });

  test('what cannot be used is told in one line with its place, and nothing is applied', async ({ page, demo }) => {
    const { stdout: before } = await demo.run(['config', 'export']);
    for (const [file, words] of [
      ['[[provider', /^countersign: standard input, line 1: /],
      ['[configuration]\ncode_minutes = 5\nidle_minutes = 1\n', /standard input, line 3: configuration, idle_minutes: /],
      ['[configuration]\ncolour = "red"\n', /line 2: configuration has no key "colour"/],
      ['[configuration]\nrequire_admin_two_factor = true\n', /line 2: require_admin_two_factor: no administrator has/],
    ] as const) {
      expectRefused(await demo.run(['config', 'import'], file), words);
    }
    expectRefused(await demo.run(['config', 'import', '/nowhere/file.toml']), /\/nowhere\/file\.toml cannot be read/);
    expect((await demo.run(['config', 'export'])).stdout).toBe(before);
    await signInAsAdmin(page);
    await page.goto(managerPath);
    await expect(heading(page, 'Services Manager')).toBeVisible();
  });

  test('the doctor has a line for everything that the server needs', async ({ demo, mailServer }) => {
    const well = await demo.run(['doctor']);
    expect(well.code, well.stdout + well.stderr).toBe(0);
    for (const what of ['address: ', 'public address: ', 'files: ', 'database: SQLite', 'key: it opens', 'clock: ', 'service provider SMTP: ']) {
      expect(well.stdout).toContain(`ok       ${what}`);
    }
    expect((await addMail(demo, mailServer)).code).toBe(0);
    expect((await demo.run(['doctor'])).stdout).toContain(`ok       service provider Mail: ${mailServer.host}:${mailServer.port} answers`);
    mailServer.behaviour = 'drop';
    const ill = await demo.run(['doctor']);
    expect(ill.code).not.toBe(0);
    expect(ill.stdout).toMatch(/^problem {2}service provider Mail: /m);
    expect(ill.stderr).toBe('countersign: 1 of 9 findings are problems\n');
  });
});

test('settings that are fine are said to be fine', scriptedOnly, async ({ demo }) => {
  const checked = await demo.run(['config', 'check']);
  expect(checked.stdout + checked.stderr).toBe('The settings are fine.\n');
  expect(checked.code).toBe(0);
});

test.describe('with settings that are not fine', scriptedOnly, () => {
  test.use({ demoEnv: { COUNTERSIGN_LOG_FORMAT: 'xml', COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1, proxy', COUNTERSIGN_BRANT: 'X' } });

  test('each problem has a line', async ({ demo }) => {
    const checked = await demo.run(['config', 'check']);
    expect(checked.code).not.toBe(0);
    expect(checked.stdout).toBe('');
    expect(checked.stderr.trim().split('\n')).toEqual([
      'countersign: COUNTERSIGN_BRANT: there is no such setting',
      'countersign: COUNTERSIGN_TRUSTED_PROXIES: proxy is neither an address nor a network',
      'countersign: COUNTERSIGN_LOG_FORMAT must be text or json, not xml',
    ]);
  });
});
