import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { whyNoPostfix } from './support/postfix';
import type { ServerOptions } from './support/server';
import { hasSmallDisks } from './support/small_disk';
import type { Storage } from './support/target';

// The system's Chromium, so that no browser has to be downloaded; better its headless shell, which has less to do.
const chromium = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(existsSync);

// Chromium's sandbox refuses to work as root.
const asRoot = process.getuid?.() === 0;

// One disk has to be full, which needs a small one. Told where it cannot be had; workers read this file again.
const smallDisks = hasSmallDisks();
if (!smallDisks && process.env.TEST_WORKER_INDEX === undefined) {
  console.log('left out: what happens on a full disk, because this machine lets us mount no small one');
}
const noPostfix = whyNoPostfix();
if (noPostfix && process.env.TEST_WORKER_INDEX === undefined) {
  console.log(`left out: codes through Postfix, because ${noPostfix}`);
}
const notOnSqlite = smallDisks ? /@postgres/ : /@postgres|@small-disk/;

export default defineConfig<ServerOptions, { storage: Storage }>({
  testDir: 'tests',
  outputDir: '../target/end2end/artifacts',
  forbidOnly: !!process.env.CI,
  // A test that passes only sometimes is a failure to look into.
  retries: 0,
  // Two for each core, for they also wait: for mail, for time to pass.
  workers: '200%',
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: '../target/end2end/results.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-US',
    timezoneId: 'UTC',
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? chromium,
      args: [
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
        ...(asRoot ? ['--no-sandbox'] : []),
      ],
    },
  },
  projects: [
    // Raw HTTP from outside, without a browser: on SQLite, and on two servers that share one PostgreSQL. First,
    // because its longest tests wait for time to pass: at the end there would be nothing to do meanwhile.
    { name: 'attacks', testDir: 'attacks', grepInvert: notOnSqlite, use: { storage: 'sqlite' } },
    { name: 'attacks-postgres', testDir: 'attacks', grepInvert: /@small-disk/, use: { storage: 'postgres' } },
    { name: 'js' },
    {
      // Everything but what only hydration can do has to work without JavaScript too. What is the same there as with
      // it is marked in its test, see support/scripted_only.ts.
      name: 'nojs',
      testIgnore: '**/*.hydrate.spec.ts',
      grepInvert: /@scripted-only/,
      use: { javaScriptEnabled: false },
    },
  ],
});
