// Customers register by themselves, where an administrator lets them.
import type { Page } from '@playwright/test';
import {
  button,
  carla,
  expectFieldProblem,
  field,
  fillIn,
  heading,
  link,
  linkSentTo,
  mailTo,
  notice,
  problem,
  signIn,
} from '../support/people';
import { configure, endSession } from '../support/shortcuts';
import { expect, test } from '../support/test';

// A link that is dead is answered as gone.
test.beforeEach(({ pageProblems }) => pageProblems.allow(/status of 410 .*\/register\//));

test.use({ demoArgs: ['demo', '--ready'], demoPer: 'test' });

const answer = 'Check your inbox and spam folder. A message is on its way to this address.';

async function register(page: Page, name: string, email: string): Promise<void> {
  await page.goto('/login');
  await link(page, 'Create an account').click();
  await expect(heading(page, 'Create an account')).toBeVisible();
  await fillIn(page, { Name: name, Email: email });
  await button(page, 'Send link').click();
  await expect(notice(page, answer)).toBeVisible();
}

test('while it is off its page says so, and leads to the sign-in', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 404/);
  await page.goto('/login');
  await expect(link(page, 'Forgot password?')).toBeVisible();
  await expect(link(page, 'Create an account')).toHaveCount(0);
  const response = await page.goto('/register');
  expect(response?.status()).toBe(404);
  await expect(heading(page, 'Registration is closed')).toBeVisible();
  await expect(page.getByText('accounts by invitation')).toBeVisible();
  await link(page, 'Back to sign-in').click();
  await expect(page).toHaveURL(`${demo.url}/login`);
});

test('a customer registers, and an address with an account learns that it has one', async ({
  page,
  demo,
  expectAccessible,
  pageProblems,
}) => {
  pageProblems.allow(/status of 4(04|22)/);
  await configure(demo, '[configuration]\nself_registration = true\n');

  const nora = { email: 'nora@people.example', password: 'granite-ribbon-thistle' };
  await register(page, 'Nora New', nora.email);
  await expectAccessible(page);
  const address = await linkSentTo(page, nora.email, 'Finish your registration');
  expect(address).toContain(`${demo.url}/register/`);
  await page.goto(address);
  await expect(page.getByText('Nora New')).toBeVisible();
  await expect(page.getByText(nora.email)).toBeVisible();
  await expectAccessible(page);
  await fillIn(page, { Password: 'password123' });
  await button(page, 'Create account').click();
  await expectFieldProblem(page, 'Password', 'too common');
  await fillIn(page, { Password: nora.password });
  await button(page, 'Create account').click();
  await expect(notice(page, 'Account created. You can sign in now.')).toBeVisible();
  await signIn(page, nora);

  await page.goto(address);
  await expect(problem(page, 'This link has already been used')).toBeVisible();
  await expect(field(page, 'Password')).toHaveCount(0);

  await endSession(page, 'customer');
  await register(page, 'Somebody', carla.email);
  const known = await mailTo(page, carla.email, 'Your account at Configio');
  expect(known).toContain('which already has one');
  expect(known).not.toContain('http');

  await configure(demo, '[configuration]\nself_registration = false\n');
  const response = await page.goto(address);
  expect(response?.status()).toBe(404);
});
