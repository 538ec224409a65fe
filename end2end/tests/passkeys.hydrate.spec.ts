// Passkeys and security keys as a second factor, with keys of software. Browsers ask for them by script only.
import type { Page } from '@playwright/test';
import { type Half, createPerson, enter, halves, leave, openEntries } from '../support/halves';
import { Keys, byName } from '../support/keys';
import {
  button,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectMail,
  field,
  fillIn,
  heading,
  lastCode,
  link,
  notice,
  problem,
  row,
  types,
} from '../support/people';
import { addPlain } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({
  demoArgs: ['demo', '--ready'],
  demoPer: 'test',
  baseURL: async ({ demo }, use) => use(byName(demo.url)),
});

const refused = /status of 422 .*\/api\/(login|enrollment|step_up)\//;

/** Begins a new passkey on the security page. */
async function beginPasskey(page: Page, half: Half): Promise<void> {
  await openEntries(page, half);
  await types(page).getByRole('radio', { name: 'Passkey', exact: true }).check();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Register a passkey')).toBeVisible();
}

async function register(page: Page, half: Half, name: string): Promise<void> {
  await beginPasskey(page, half);
  await fillIn(page, { Name: name });
  await button(page, 'Register passkey').click();
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await expect(row(page, name)).toContainText('Passkey');
}

async function expectPasskeyScreen(page: Page): Promise<void> {
  await expect(heading(page, 'Confirm with your passkey')).toBeVisible();
  await expect(button(page, 'Use passkey')).toBeEnabled();
}

for (const half of halves) {
  test(`${half.audience}: keys are registered, used, confused and removed`, async ({
    page,
    demo,
    pageProblems,
    expectAccessible,
  }) => {
    test.setTimeout(90_000);
    pageProblems.allow(refused);
    await addPlain(demo, 'passkey', 'Keys', 'Passkey');

    const pat = await createPerson(demo, half, 'pat');
    const keys = await Keys.of(page);
    await enter(page, half, pat);

    await test.step('two keys are registered, each once', async () => {
      await keys.plugIn();
      await beginPasskey(page, half);
      await expectAccessible(page);
      await button(page, 'Register passkey').click();
      await expectFieldProblem(page, 'Name', /./);
      expect(await keys.held(), 'the key was not troubled').toHaveLength(0);
      await fillIn(page, { Name: 'Blue key' });
      await button(page, 'Register passkey').click();
      await expect(row(page, 'Blue key')).toContainText('Passkey');
      await beginPasskey(page, half);
      await fillIn(page, { Name: 'Blue key again' });
      await button(page, 'Register passkey').click();
      await expect(problem(page, 'This passkey is already registered.')).toBeFocused();
    });
    const blue = await keys.held();
    await keys.plugIn();
    await register(page, half, 'Red key');
    await expectAccessible(page);
    const red = await keys.held();

    await test.step('either of them signs in, the wrong one does not', async () => {
      await leave(page);
      await enterPassword(page, pat, half.login);
      await expectPasskeyScreen(page);
      await expectAccessible(page);
      await keys.plugIn();
      await button(page, 'Use passkey').click();
      await expect(problem(page, 'No passkey was used.')).toBeFocused();
      await keys.plugIn(blue);
      await button(page, 'Use passkey').click();
      await expect(page).toHaveURL(half.home);
      await leave(page);
      await enterPassword(page, pat, half.login);
      await keys.plugIn(red);
      await keys.breakIt();
      await button(page, 'Use passkey').click();
      await expect(problem(page, 'You have 4 attempts left.')).toBeFocused();
      await keys.plugIn(red);
      await button(page, 'Use passkey').click();
      await expect(page).toHaveURL(half.home);
    });

    await test.step('a copy of a key is refused, and its owner is told', async () => {
      await leave(page);
      await enterPassword(page, pat, half.login);
      await expectPasskeyScreen(page);
      // What it held before it was used.
      await keys.plugIn(blue.map((credential) => ({ ...credential, signCount: 0 })));
      await button(page, 'Use passkey').click();
      await expect(problem(page, 'may have been copied')).toBeFocused();
      await expectMail(page, pat.email, 'may have been copied');
      await keys.plugIn(blue.map((credential) => ({ ...credential, signCount: 50 })));
      await button(page, 'Use passkey').click();
      await expect(page).toHaveURL(half.home);
    });

    await test.step('one of them is removed, the other one works', async () => {
      await openEntries(page, half);
      await button(row(page, 'Blue key'), 'Delete').click();
      await expect(notice(page, 'Deleted.')).toBeVisible();
      await expect(row(page, 'Blue key')).toHaveCount(0);
      await leave(page);
      await enterPassword(page, pat, half.login);
      await expectPasskeyScreen(page);
      await button(page, 'Use passkey').click();
      await expect(problem(page, 'No passkey was used.')).toBeVisible();
      await keys.plugIn(red.map((credential) => ({ ...credential, signCount: 50 })));
      await button(page, 'Use passkey').click();
      await expect(page).toHaveURL(half.home);
    });
  });

  test(`${half.audience}: another method takes its place, and a device is trusted by a passkey`, async ({
    page,
    demo,
  }) => {
    test.setTimeout(60_000);
    await addPlain(demo, 'passkey', 'Keys', 'Passkey');
    const pat = await createPerson(demo, half, 'pat');
    const keys = await Keys.of(page);
    await keys.plugIn();
    await enter(page, half, pat);
    await register(page, half, 'Blue key');
    await openEntries(page, half);
    await types(page).getByRole('radio', { name: 'Email', exact: true }).check();
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await enterCode(page, await lastCode(page));
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();

    await leave(page);
    await enterPassword(page, pat, half.login);
    await expectPasskeyScreen(page);
    await link(page, 'Use another method').click();
    await button(page, 'Email').click();
    await expectCodeScreen(page);
    await enterCode(page, await lastCode(page));
    await expect(page).toHaveURL(half.home);

    await leave(page);
    await enterPassword(page, pat, half.login);
    await expectPasskeyScreen(page);
    await page.getByRole('checkbox', { name: 'Trust this device' }).check();
    await button(page, 'Use passkey').click();
    await expect(page).toHaveURL(half.home);
    await leave(page);
    await enter(page, half, pat);

    // Trust is no confirmation, a passkey is.
    await openEntries(page, half);
    await expect(button(row(page, 'Blue key'), 'Delete')).toBeVisible();
    await link(page, 'Confirm that it is you').first().click();
    await fillIn(page, { Password: pat.password });
    await button(page, 'Confirm').click();
    await expectPasskeyScreen(page);
    await button(page, 'Use passkey').click();
    await expect(heading(page, half.entriesTitle)).toBeVisible();
    await button(row(page, 'Blue key'), 'Delete').click();
    await expect(notice(page, 'Deleted.')).toBeVisible();
    await expect(row(page, 'Blue key')).toHaveCount(0);
  });
}

for (const half of halves) {
  test(`${half.audience}: a passkey given with the password passes a lock of strangers`, async ({
    page,
    demo,
    pageProblems,
    expectAccessible,
  }) => {
    test.setTimeout(60_000);
    pageProblems.allow(/status of 401 .*\/api\/login\/log_in/);
    await addPlain(demo, 'passkey', 'Keys', 'Passkey');
    const pat = await createPerson(demo, half, 'pat');
    const keys = await Keys.of(page);
    await keys.plugIn();
    await enter(page, half, pat);
    await register(page, half, 'Blue key');
    const blue = await keys.held();

    // From here on it is a browser that nobody knows, among strangers who try.
    await page.context().clearCookies();
    const { audience } = half;
    for (let round = 0; round < 12; round++) {
      const form = { audience, email: pat.email, password: `wrong-${round}` };
      expect((await page.request.post('/api/login/log_in', { form })).status()).toBe(401);
    }
    const wrong = () => problem(page, 'Wrong email or password.');
    await enterPassword(page, pat, half.login);
    await expect(wrong()).toBeVisible();
    await link(page, 'Sign in with your password and an app code or passkey together').click();
    await expect(heading(page, 'Sign in with an app code or passkey')).toBeVisible();
    await expect(button(page, 'Use passkey')).toBeEnabled();
    await expectAccessible(page);

    await test.step('what is missing is told without troubling the key', async () => {
      await fillIn(page, { Email: pat.email });
      await button(page, 'Use passkey').click();
      await expect(wrong()).toBeVisible();
      await expect(field(page, 'Email')).toHaveValue(pat.email);
      expect((await keys.held())[0].signCount, 'the key was not troubled').toBe(blue[0].signCount);
    });
    await test.step('a wrong password is refused with the right key', async () => {
      await fillIn(page, { Email: pat.email, Password: 'not the password' });
      await button(page, 'Use passkey').click();
      await expect.poll(async () => (await keys.held())[0].signCount).toBeGreaterThan(blue[0].signCount);
      await expect(wrong()).toBeVisible();
      await expect(field(page, 'Password')).toHaveValue('');
    });
    await test.step('an address without an account is asked for a key as well, and nobody has it', async () => {
      await fillIn(page, { Email: 'nobody@people.example', Password: pat.password });
      await button(page, 'Use passkey').click();
      await expect(problem(page, 'No passkey was used.')).toBeFocused();
    });
    await test.step('both together are let in', async () => {
      await fillIn(page, { Email: pat.email, Password: pat.password });
      await button(page, 'Use passkey').click();
      await expect(page).toHaveURL(half.home);
    });
  });
}

test('after five wrong tries it begins again', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(refused);
  await addPlain(demo, 'passkey', 'Keys', 'Passkey');
  const [customer] = halves;
  const pat = await createPerson(demo, customer, 'pat');
  const keys = await Keys.of(page);
  await keys.plugIn();
  await enter(page, customer, pat);
  await register(page, customer, 'Blue key');
  await leave(page);
  await enterPassword(page, pat, customer.login);
  await expectPasskeyScreen(page);
  const held = await keys.held();
  await keys.breakIt();
  for (const left of [4, 3, 2, 1]) {
    await button(page, 'Use passkey').click();
    await expect(problem(page, `You have ${left} attempt${left === 1 ? '' : 's'} left.`)).toBeVisible();
  }
  await button(page, 'Use passkey').click();
  await expect(problem(page, 'Start again.')).toBeVisible();
  await button(page, 'Try again').click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await keys.plugIn(held.map((credential) => ({ ...credential, signCount: 50 })));
  await button(page, 'Use passkey').click();
  await expect(page).toHaveURL(customer.home);
});

test('at another address the page says where passkeys work', async ({ page, demo }) => {
  await addPlain(demo, 'passkey', 'Keys', 'Passkey');
  const [customer] = halves;
  const pat = await createPerson(demo, customer, 'pat');
  await enterPassword(page, pat, `${demo.url}${customer.login}`);
  await expect(button(page, 'Log out')).toBeVisible();
  await page.goto(`${demo.url}${customer.entries}`);
  await types(page).getByRole('radio', { name: 'Passkey', exact: true }).check();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Register a passkey')).toBeVisible();
  await fillIn(page, { Name: 'Blue key' });
  await button(page, 'Register passkey').click();
  await expect(problem(page, "Passkeys don't work at this address.")).toBeFocused();
  await expect(link(page, byName(demo.url))).toBeVisible();
});
