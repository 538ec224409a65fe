// Signing in and out, and what a session opens.
import type { BrowserContext, Page } from '@playwright/test';
import {
  ada,
  button,
  carla,
  conrad,
  createCustomer,
  enrolledCustomer,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFilledIn,
  field,
  fillIn,
  heading,
  lastCode,
  logOut,
  problem,
  signIn,
  signInAsAdmin,
  signInWithCode,
  waitingCustomer,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const wrongLogin = /Wrong email or password/;
const loginRefused = /status of 401 .*\/api\/login\/log_in/;

test('a wrong password looks like an unknown address, and only the typed address stays', async ({
  page,
  pageProblems,
}) => {
  pageProblems.allow(loginRefused);
  const looks: string[] = [];
  for (const person of [
    { email: carla.email, password: 'cobalt-turnip-saddle' },
    { email: 'nobody@people.example', password: 'cobalt-turnip-saddle' },
  ]) {
    await enterPassword(page, person);
    await expect(problem(page, wrongLogin)).toBeVisible();
    await expectFilledIn(page, { Email: person.email, Password: '' });
    expect(page.url()).not.toContain(person.password);
    expect(await page.content()).not.toContain(person.password);
    looks.push((await page.getByRole('main').ariaSnapshot()).replaceAll(person.email, '…'));
  }
  expect(looks[0]).toBe(looks[1]);
});

test('an address is known however it is spelled', scriptedOnly, async ({ page }) => {
  await signIn(page, { ...carla, email: ` ${carla.email.toUpperCase()}` });
});

test('signing out ends the session on the server', async ({ page }) => {
  await signIn(page, carla);
  const stolen = await page.context().cookies();
  await logOut(page);
  await expect(page).toHaveURL('/login');

  await page.context().addCookies(stolen);
  expect(await statusOfMe(page)).toBe(401);
  await page.goto('/account');
  await expect(page).toHaveURL('/login');
});

test('a page that needs a session leads to the sign-in', async ({ page }) => {
  for (const [path, door] of [
    ['/', '/login'],
    ['/account', '/login'],
    ['/account/two-factor', '/login'],
    ['/login/code', '/login'],
    ['/admin', '/admin/login'],
    ['/admin/settings/setup/services-manager', '/admin/login'],
    ['/admin/login/code', '/admin/login'],
  ] as const) {
    await page.goto(path);
    await expect(page).toHaveURL(door);
    await expect(button(page, 'Log in')).toBeVisible();
  }
});

test('a session with only its password is refused and led to the code', scriptedOnly, async ({ page, demo, pageProblems }) => {
  const person = await waitingCustomer(page, demo, 'halfway');
  const halfway = await page.context().cookies();
  for (const path of ['/account', '/account/two-factor']) {
    const answer = await page.request.get(path, { maxRedirects: 0 });
    expect(answer.status()).toBe(401);
    expect(await answer.text()).not.toContain(person.email);
  }
  expect(await statusOfMe(page)).toBe(401);

  pageProblems.allow(/status of 401 .*\/account\b/);
  await page.goto('/account');
  await expect(page).toHaveURL('/login/code');
  await expectCodeScreen(page);

  // The code opens a new session; the value that was good for the password alone stays worth nothing.
  await enterCode(page, await lastCode(page));
  await expect(heading(page, 'Account Settings')).toBeVisible();
  expect(await sessionCookie(page.context())).not.toBe(halfway.find(isSession)?.value);
  await page.context().clearCookies();
  await page.context().addCookies(halfway);
  expect(await statusOfMe(page)).toBe(401);
});

test('administrators and customers have doors of their own', async ({ page, pageProblems }) => {
  pageProblems.allow(loginRefused);
  await enterPassword(page, ada, '/login');
  await expect(problem(page, wrongLogin)).toBeVisible();
  await enterPassword(page, carla, '/admin/login');
  await expect(problem(page, wrongLogin)).toBeVisible();

  await signIn(page, carla);
  await page.goto('/admin');
  await expect(page).toHaveURL('/admin/login');

  // One browser may hold one session of each, and ends them one by one.
  await signInAsAdmin(page);
  await page.goto('/account');
  await expect(heading(page, 'Account Settings')).toBeVisible();
  await logOut(page);
  await page.goto('/admin');
  await expect(heading(page, 'Dashboard')).toBeVisible();
});

test('another sign-in in the same browser takes the place of the first', scriptedOnly, async ({ page }) => {
  await signIn(page, carla);
  const first = await page.context().cookies();
  await signIn(page, conrad);
  await page.context().clearCookies();
  await page.context().addCookies(first);
  expect(await statusOfMe(page)).toBe(401);
});

test('the cookie of a session is for the server alone', scriptedOnly, async ({ page }) => {
  await signIn(page, carla);
  const cookie = (await page.context().cookies()).find(isSession);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', expires: -1, path: '/' });
});

test('every page has its own title', scriptedOnly, async ({ page, demo }) => {
  const person = await enrolledCustomer(page, demo, 'titles');
  await page.goto('/login');
  await expect(page).toHaveTitle('Sign in to your account · Configio');
  await page.goto('/admin/login');
  await expect(page).toHaveTitle('Administrator sign-in · Configio');
  await enterPassword(page, person);
  await expect(page).toHaveTitle('Enter your verification code · Configio');
  await enterCode(page, await lastCode(page));
  await expect(page).toHaveTitle('Account Settings · Configio');
});

test.describe('with a brand of one’s own', scriptedOnly, () => {
  test.use({ demoEnv: { COUNTERSIGN_BRAND: 'Müller & <Söhne>' } });

  test('it is the name that people see', async ({ page }) => {
    await page.goto('/login');
    await expect(page).toHaveTitle('Sign in to your account · Müller & <Söhne>');
    await expect(page.getByRole('link', { name: 'Müller & <Söhne>', exact: true })).toBeVisible();
  });
});

/** What the server answers to "who am I". */
async function statusOfMe(page: Page): Promise<number> {
  const answer = await page.request.post('/api/account/me', { form: { audience: 'customer' } });
  return answer.status();
}

const isSession = ({ name }: { name: string }) => name.endsWith('countersign_customer_session');

async function sessionCookie(context: BrowserContext): Promise<string | undefined> {
  return (await context.cookies()).find(isSession)?.value;
}

test('a sign-in leads to the page that was asked for, through the code as well', async ({ page, demo }) => {
  await signIn(page, await createCustomer(demo, 'deep-link'));
  await page.context().clearCookies();
  const person = await enrolledCustomer(page, demo, 'deeper-link');
  await page.goto('/account/security?from=mail');
  await expect(page).toHaveURL('/login');
  await fillIn(page, { Email: person.email, Password: person.password });
  await button(page, 'Log in').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(page).toHaveURL('/account/security?from=mail');

  await test.step('only once', async () => {
    await logOut(page);
    await signInWithCode(page, person);
    await expect(page).toHaveURL('/account');
  });
});

test('whoever is signed in is led home from the sign-in and its code', async ({ page }) => {
  await signIn(page, carla);
  for (const path of ['/login', '/login/code', '/login/methods']) {
    await page.goto(path);
    await expect(page).toHaveURL('/account');
  }
});

test('Back leads past the code that was proved', async ({ page, demo }) => {
  const person = await enrolledCustomer(page, demo, 'going-back');
  await page.goto('/login/forgot');
  await enterPassword(page, person);
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(heading(page, 'Account Settings')).toBeVisible();
  await page.goBack();
  await expect(page.getByText('You are not signed in')).toHaveCount(0);
  await expect(field(page, 'Verification Code')).toHaveCount(0);
});
