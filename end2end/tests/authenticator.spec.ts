// An authenticator app, from the service provider to the sign-in.
import type { Page } from '@playwright/test';
import { AuthenticatorApp } from '../support/authenticator';
import { createPerson, enter, type Half, halves, leave, scriptedOnlyForAdmins, openEntries } from '../support/halves';
import {
  button,
  deleteLastEntry,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  field,
  fillIn,
  heading,
  link,
  notice,
  type Person,
  problem,
  row,
  saveForm,
  servicesPath,
  signInAsAdmin,
  types,
} from '../support/people';
import { addPlain, helpdeskCode, offer } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'], demoPer: 'test' });

for (const half of halves) {
  test(`${half.audience}: set up, signed in with, and removed`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    otherBrowser,
    expectAccessible,
    pageProblems,
  }) => {
    pageProblems.allow(/status of 422 .*\/api\/(enrollment|login)\/verify/);
    const admin = await otherBrowser();
    const person = await createPerson(demo, half, 'app');

    await test.step('without a choice there is no verification type', async () => {
      await enter(page, half, person);
      await openEntries(page, half);
      await expect(field(page, 'Email address')).toBeVisible();
      await expect(types(page)).toHaveCount(0);
    });

    await test.step('an administrator registers and offers it', async () => {
      await signInAsAdmin(admin);
      await admin.goto(servicesPath);
      await link(admin, 'Add New').click();
      await link(admin, 'Configio Service Provider').click();
      await link(admin, 'Authenticator app').click();
      await expect(field(admin, 'Title')).toHaveValue('Authenticator app');
      await saveForm(admin);
      await expect(row(admin, 'Authenticator app')).toContainText('Active');
      await offer(demo, 'Authenticator app', 'My app');
    });

    await openEntries(page, half);
    await test.step('the stronger type comes first, and each shows what it needs', async () => {
      const app = types(page).getByRole('radio', { name: 'My app', exact: true });
      await expect(types(page).getByRole('radio').first()).toHaveAccessibleName('My app');
      await expect(app).toBeChecked();
      await expect(app).toHaveAccessibleDescription(/^Recommended Stronger /);
      await types(page).getByRole('radio', { name: 'Email', exact: true }).check();
      await expect(field(page, 'Email address')).toBeVisible();
      await expect(button(page, 'Send Code')).toBeVisible();
      await app.check();
      await expect(field(page, 'Email address')).toBeHidden();
    });
    await button(page, 'Continue').click();
    await expectCodeScreen(page);
    await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
    await expect(link(page, 'Or open your app on this device')).toHaveAttribute('href', /^otpauth:\/\/totp\/Configio:/);
    await expect(button(page, 'Send New Code')).toHaveCount(0);
    await expectAccessible(page);
    const key = (await field(page, 'Setup key').innerText()).trim();
    expect(key).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    const app = new AuthenticatorApp(key);

    await test.step('a wrong code says how many tries are left, and the same key stays', async () => {
      await enterCode(page, app.wrong());
      await expect(problem(page, 'You have 4 attempts left.')).toBeVisible();
      await expect(field(page, 'Setup key')).toHaveText(key);
    });

    await enterCode(page, app.next());
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
    await openEntries(page, half);
    await expect(row(page, 'My app')).toContainText('Never');
    await leave(page);

    await test.step('the code that set it up is refused, the next one signs in', async () => {
      await enterPassword(page, person, half.login);
      await expectCodeScreen(page);
      await expect(page.getByText(/Open your authenticator app/)).toBeVisible();
      await expect(button(page, 'Send New Code')).toHaveCount(0);
      await expectAccessible(page);
      await enterCode(page, app.again());
      await expect(problem(page, 'This code has already been used.')).toBeVisible();
      await enterCode(page, app.next());
      await expect(page).toHaveURL(half.home);
    });

    await test.step('while the service is inactive a customer is let in, an administrator is not, and the entry stays', async () => {
      await admin.goto(servicesPath);
      await button(row(admin, 'Authenticator app'), 'Deactivate').click();
      await expect(heading(admin, 'Deactivate this service provider?')).toBeVisible();
      await button(admin, 'Deactivate').click();
      await expect(row(admin, 'Authenticator app')).toContainText('Inactive');
      await leave(page);
      const nothing = /We can't send you a code right now/;
      if (half.audience === 'customer') {
        await enter(page, half, person);
        await expect(page.getByText(nothing)).toBeVisible();
      } else {
        await enterPassword(page, person, half.login);
        await expect(problem(page, nothing)).toBeVisible();
        await expectAccessible(page);
        await link(page, 'Recovery Codes').click();
        await fillIn(page, { 'Recovery code': await helpdeskCode(demo, person.email) });
        await button(page, 'Verify').click();
        await expect(page).toHaveURL(half.home);
      }
      await openEntries(page, half);
      await expect(row(page, 'My app')).toContainText('Unavailable');
    });

    // The password alone removes no entry.
    if (half.audience === 'customer') {
      await link(page, 'Confirm that it is you').first().click();
      await fillIn(page, { Password: person.password });
      await button(page, 'Confirm').click();
      await expect(problem(page, /We can't send you a code right now/)).toBeVisible();
      await link(page, 'Recovery Codes').click();
      await fillIn(page, { 'Recovery code': await helpdeskCode(demo, person.email) });
      await button(page, 'Verify').click();
      await expect(heading(page, half.entriesTitle)).toBeVisible();
    }
    // It does not work at the moment, but it is the last one.
    await deleteLastEntry(page, row(page, 'My app'));
    await expect(row(page, 'My app')).toHaveCount(0);
  });
}

/** Sets an app up for a person who is not signed in, and leaves. */
async function setUpApp(page: Page, half: Half, person: Person): Promise<AuthenticatorApp> {
  await enter(page, half, person);
  await openEntries(page, half);
  await types(page).getByRole('radio', { name: 'My app', exact: true }).check();
  await button(page, 'Continue').click();
  const app = new AuthenticatorApp((await field(page, 'Setup key').innerText()).trim());
  await enterCode(page, app.next());
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await leave(page);
  return app;
}

for (const half of halves) {
  test(`${half.audience}: password and code given together`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    pageProblems,
  }) => {
    pageProblems.allow(/status of 4(01|22) .*\/api\/login\/log_in/);
    await addPlain(demo, 'authenticator', 'Authenticator app', 'My app');
    const person = await createPerson(demo, half, 'both');
    const app = await setUpApp(page, half, person);

    const together = link(page, 'Sign in with your password and an app code or passkey together');
    await page.goto(half.login);
    await expect(together).toHaveCount(0);
    await enterPassword(page, { ...person, password: 'not the password' }, half.login);
    await expect(problem(page, 'Wrong email or password.')).toBeVisible();
    await together.click();
    await expect(heading(page, 'Sign in with an app code or passkey')).toBeVisible();

    await fillIn(page, { Email: person.email, Password: person.password, 'Verification Code': '12' });
    await button(page, 'Log in').click();
    await expectFieldProblem(page, 'Verification Code', 'Enter the 6 digits of the code.');
    await expect(field(page, 'Email')).toHaveValue(person.email);
    await fillIn(page, { Password: person.password, 'Verification Code': app.wrong() });
    await button(page, 'Log in').click();
    await expect(problem(page, 'Wrong email or password.')).toBeVisible();
    await fillIn(page, { Password: person.password, 'Verification Code': app.next() });
    await button(page, 'Log in').click();
    await expect(page).toHaveURL(half.home);
  });
}

test('after too many wrong codes one can try again without signing in anew', scriptedOnly, async ({
  page,
  demo,
  pageProblems,
}) => {
  pageProblems.allow(/status of 422 .*\/api\/login\/verify/);
  const [half] = halves;
  await addPlain(demo, 'authenticator', 'Authenticator app', 'My app');
  const person = await createPerson(demo, half, 'again');
  const app = await setUpApp(page, half, person);

  await enterPassword(page, person, half.login);
  await expectCodeScreen(page);
  for (const left of [4, 3, 2]) {
    await enterCode(page, app.wrong());
    await expect(problem(page, `You have ${left} attempt${left === 1 ? '' : 's'} left.`)).toBeVisible();
  }
  await enterCode(page, app.wrong());
  await expect(problem(page, 'You have 1 attempt left.')).toBeVisible();
  await enterCode(page, app.wrong());
  await expect(problem(page, 'had too many attempts')).toBeVisible();
  await button(page, 'Try again').click();
  await expect(problem(page, 'had too many attempts')).toHaveCount(0);
  await enterCode(page, app.next());
  await expect(page).toHaveURL(half.home);
});
