// The first minutes of a server of one's own: `countersign serve` on an empty database.
import type { Page } from '@playwright/test';
import {
  type Person,
  button,
  carla,
  createAccount,
  enterPassword,
  expectFieldProblem,
  expectFilledIn,
  fillIn,
  heading,
  logOut,
  notice,
  problem,
  signIn,
  signInAsAdmin,
} from '../support/people';
import type { Server } from '../support/server';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['serve'], demoPer: 'test' });

const first: Person = { email: 'first@people.example', password: 'saddle-quarry-ember-lake' };
const linkDead = /This link has already been used, has expired or is not valid/;

test('the link that is printed creates the first administrator, once', async ({ page, demo, pageProblems }) => {
  const path = await setUpPath(demo);
  await page.goto(path);
  await expect(heading(page, 'Create the first administrator')).toBeVisible();
  await fillIn(page, { Name: 'Fay First', Email: first.email, Password: first.password });
  await button(page, 'Create administrator').click();
  await expect(notice(page, 'Administrator created. You can sign in now.')).toBeVisible();
  await signInAsAdmin(page, first);
  await expect(page.getByText('Fay First')).toBeVisible();

  pageProblems.allow(/status of 410 .*\/setup\//);
  const answer = await page.goto(path);
  expect(answer?.status()).toBe(410);
  await expect(problem(page, linkDead)).toBeVisible();
  await expect(button(page, 'Create administrator')).toHaveCount(0);
});

test('bad answers are told beside their fields, and the password does not come back', async ({
  page,
  demo,
  pageProblems,
}) => {
  pageProblems.allow(/status of 422 .*\/api\/account\/set_up/);
  await page.goto(await setUpPath(demo));
  for (const [password, text] of [
    ['', 'Please fill this in.'],
    ['only-fourteen-', 'Use at least 15 characters.'],
    ['passwordpassword', 'This password is too common.'],
    ['x'.repeat(129), 'Use at most 128 characters.'],
  ] as const) {
    await fillIn(page, { Name: '', Email: 'first', Password: password });
    await button(page, 'Create administrator').click();
    await expectFieldProblem(page, 'Password', text);
    await expectFieldProblem(page, 'Name', 'Please fill this in.');
    await expectFieldProblem(page, 'Email', 'Enter an email address such as name@example.org.');
    await expectFilledIn(page, { Email: 'first' });
    if (password) expect(await page.content()).not.toContain(password);
  }
  await fillIn(page, { Name: 'Fay First', Email: first.email, Password: first.password });
  await button(page, 'Create administrator').click();
  await expect(notice(page, 'Administrator created.')).toBeVisible();
});

test('a link that was made up opens nothing', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 410 .*\/setup\//);
  await page.goto('/setup/made-up');
  await expect(problem(page, linkDead)).toBeVisible();
});

test('of two who open the link, the second comes too late', scriptedOnly, async ({ page, demo, otherBrowser, pageProblems }) => {
  pageProblems.allow(/status of 410 .*\/(api\/account\/set_up|setup\/)/);
  const path = await setUpPath(demo);
  const other = await otherBrowser();
  await page.goto(path);
  await other.goto(path);
  await createAs(page, first);
  await expect(notice(page, 'Administrator created.')).toBeVisible();
  await createAs(other, { ...first, email: 'second@people.example' });
  await expect(problem(other, linkDead)).toBeVisible();
});

test('the terminal creates accounts, and the link dies with the first', scriptedOnly, async ({ page, demo, pageProblems }) => {
  const path = await setUpPath(demo);
  await createAccount(demo, 'admin', first);
  await createAccount(demo, 'customer', carla);
  await signInAsAdmin(page, first);
  await logOut(page);
  await signIn(page, carla);

  pageProblems.allow(/status of 410 .*\/setup\//);
  await page.goto(path);
  await expect(problem(page, linkDead)).toBeVisible();
  await demo.restart(['serve']);
  expect(demo.output.match(/\/setup\//g)).toHaveLength(1);
});

test('the terminal says in one line why it refuses', scriptedOnly, async ({ demo }) => {
  await createAccount(demo, 'customer', carla);
  const create = (email: string, password: string) =>
    demo.run(
      ['account', 'create', '--audience', 'customer', '--email', email, '--name', 'Pat', '--password-stdin'],
      password,
    );
  for (const [email, password, words] of [
    [carla.email, carla.password, /email: This is already in use/],
    ['carla', carla.password, /email: Enter an email address/],
    ['other@people.example', 'short', /password: Use at least 8 characters/],
  ] as const) {
    const made = await create(email, password);
    expect(made.code).not.toBe(0);
    expect(made.stdout).toBe('');
    expect(made.stderr).toMatch(words);
    expect(made.stderr.trim().split('\n')).toHaveLength(1);
  }
});

test('nothing of the demo is there', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 401 .*\/api\/login\/log_in/, /status of 404 .*\/demo\/mailbox/);
  for (const path of ['/demo/mailbox', '/demo/mailbox/list', '/demo/mailbox/1']) {
    expect((await page.request.get(path)).status()).toBe(404);
  }
  await enterPassword(page, carla);
  await expect(problem(page, /Wrong email or password/)).toBeVisible();
});

test.describe('with an address for metrics', () => {
  test.use({ demoEnv: { COUNTERSIGN_METRICS_ADDR: '127.0.0.1:0' } });

  test('the server tells there what it counts, and nowhere else', scriptedOnly, async ({ page, demo, pageProblems }) => {
    pageProblems.allow(/status of 401 .*\/api\/login\/log_in/, /status of 404 .*\/metrics/);
    const [, metrics] = await demo.waitForOutput(/Metrics on (http:\S+)/);
    await enterPassword(page, carla);
    await expect(problem(page, /Wrong email or password/)).toBeVisible();
    const counted = await (await page.request.get(metrics)).text();
    expect(counted).toMatch(/countersign_http_requests_total\{route="[^"]*log_in[^"]*",status="302"\} 1/);
    expect(counted).toMatch(/countersign_events_total\{action="\S+",outcome="failure"\} 1/);
    expect(counted).not.toContain('carla');
    expect((await page.request.get('/metrics')).status()).toBe(404);
  });
});

async function setUpPath(server: Server): Promise<string> {
  const [, path] = await server.waitForOutput(/http:\/\/127\.0\.0\.1:\d+(\/setup\/\S+)/);
  return path;
}

async function createAs(page: Page, person: Person): Promise<void> {
  await fillIn(page, { Name: 'Pat', Email: person.email, Password: person.password });
  await button(page, 'Create administrator').click();
}
