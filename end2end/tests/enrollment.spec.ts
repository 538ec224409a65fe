// Setting up an entry, and removing it.
import {
  ada,
  askForEntryCode,
  button,
  carla,
  conrad,
  createCustomer,
  deleteLastEntry,
  enrolledCustomer,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectFilledIn,
  fillIn,
  heading,
  lastCode,
  link,
  logOut,
  notice,
  otherCode,
  problem,
  reference,
  row,
  signIn,
  signInAsAdmin,
  signInWithCode,
  types,
} from '../support/people';
import { addEntry, configure, endSession, givePassword, offer } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('the account’s own address is offered, another may be used', async ({ page, demo }) => {
  const person = await createCustomer(demo, 'offered');
  await signIn(page, person);
  await expect(page.getByText(/^Two-factor authentication is off\. Add a second step/)).toBeVisible();
  await link(page, 'Two-Factor Authentication').click();
  await expect(heading(page, 'Two-Factor Authentication')).toBeVisible();
  await expectFilledIn(page, { 'Email address': person.email });
  await expect(page.getByText(/Better than a password alone/)).toBeVisible();

  await fillIn(page, { 'Email address': ' Private.Mailbox@elsewhere.example ' });
  await button(page, 'Send Code').click();
  await expectCodeScreen(page);
  // Whoever sets it up sees in full what was typed.
  await expect(page.getByText('Private.Mailbox@elsewhere.example')).toBeVisible();
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await expect(row(page, 'P•••x@elsewhere.example')).toContainText('Never');
  await expect(page.getByText('Private.Mailbox@elsewhere.example')).toHaveCount(0);

  await page.goto('/account');
  await expect(page.getByText('Two-factor authentication is set up for your account.')).toBeVisible();
});

test('an entry that is not proved is not there', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/enrollment\/verify/);
  const person = await createCustomer(demo, 'unproved');
  await signIn(page, person);
  await askForEntryCode(page);
  await expectCodeScreen(page);
  await enterCode(page, otherCode(await lastCode(page)));
  await expect(problem(page, 'That code is not right. You have 4 attempts left.')).toBeVisible();

  await page.goto('/account/two-factor');
  await expect(page.getByRole('table')).toHaveCount(0);
  await expect(page.getByText('A code is on its way.')).toBeVisible();
  await page.goto('/account');
  await expect(page.getByText(/^Two-factor authentication is off\./)).toBeVisible();

  await logOut(page);
  await signIn(page, person);
  await page.goto('/account/two-factor');
  await expect(page.getByText('A code is on its way.')).toHaveCount(0);
});

test('the code screen can be left and found again', async ({ page, demo }) => {
  await signIn(page, await createCustomer(demo, 'returning'));
  await askForEntryCode(page);
  await expectCodeScreen(page);
  const code = await lastCode(page);
  await page.goto('/account/two-factor');
  await link(page, 'Enter the code').click();
  await expectCodeScreen(page);
  await enterCode(page, code);
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await expect(page.getByText('A code is on its way.')).toHaveCount(0);
});

test('where there is nothing to prove the code screen leads back', async ({ page, demo }) => {
  await signIn(page, await createCustomer(demo, 'nothing-to-prove'));
  await page.goto('/account/two-factor/verify');
  await expect(page).toHaveURL('/account/two-factor');
  await askForEntryCode(page);
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await page.goto('/account/two-factor/verify');
  await expect(page).toHaveURL('/account/two-factor');
  await expect(row(page, '@people.example')).toBeVisible();
});

test('a code for another address replaces the one before', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/enrollment\/verify/);
  await signIn(page, await createCustomer(demo, 'undecided'));
  await askForEntryCode(page, 'first@people.example');
  await expectCodeScreen(page);
  const old = await lastCode(page);
  await link(page, 'Change').click();
  await fillIn(page, { 'Email address': 'second@people.example' });
  await button(page, 'Send Code').click();
  await expect(page.getByText('second@people.example')).toBeVisible();
  const marked = await reference(page);
  await enterCode(page, old);
  await expect(problem(page, `This code was replaced, use the one marked ${marked}.`)).toBeVisible();
  await enterCode(page, await lastCode(page));
  await expect(row(page, 's•••d@people.example')).toBeVisible();
});

test('a second code to the same address waits like Send New Code', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 429 .*\/api\/enrollment\/send_code/);
  await signIn(page, await createCustomer(demo, 'hasty'));
  await askForEntryCode(page);
  await expectCodeScreen(page);
  await askForEntryCode(page);
  await expect(problem(page, /Wait \d+ seconds? before you request a new code/)).toBeVisible();
});

test('the removed entry is not asked for any more', scriptedOnly, async ({ page, demo }) => {
  const person = await enrolledCustomer(page, demo, 'leaving');
  await signInWithCode(page, person);
  await page.goto('/account/two-factor');
  const entry = row(page, 'l•••g@people.example');
  await expect(entry).not.toContainText('Never');
  await deleteLastEntry(page, entry);
  await expect(entry).toHaveCount(0);
  await logOut(page);
  await signIn(page, person);
});

test('one cannot remove an entry of somebody else', scriptedOnly, async ({ page, demo, otherBrowser }) => {
  const person = await enrolledCustomer(page, demo, 'guarded');
  await signInWithCode(page, person);
  await page.goto('/account/two-factor');
  const id = await page.locator('input[name=id]').inputValue();

  const thief = await otherBrowser();
  await signIn(thief, await createCustomer(demo, 'thief'));
  const answer = await thief.request.post('/api/enrollment/delete', { form: { audience: 'customer', id } });
  expect(answer.status()).toBe(404);
  await page.reload();
  await expect(row(page, 'g•••d@people.example')).toBeVisible();
});

test.describe('with a server of its own', () => {
  test.use({ demoPer: 'test' });

  test('the verification type is asked only where there is a choice', async ({ page, demo, pageProblems }) => {
    pageProblems.allow(/status of 422 .*\/api\/enrollment\/send_code/);
    await signIn(page, carla);
    await page.goto('/account/two-factor');
    await expect(button(page, 'Send Code')).toBeVisible();
    await expect(types(page)).toHaveCount(0);

    await offer(demo, 'SMTP', 'Second mailbox');
    await page.reload();
    const choice = types(page).getByRole('radio');
    await expect(choice).toHaveCount(2);
    await expect(types(page).getByRole('radio', { name: 'Email', exact: true })).toBeChecked();
    await expect(types(page)).not.toContainText('Recommended');
    const second = types(page).getByRole('radio', { name: 'Second mailbox', exact: true });
    await second.check();
    await fillIn(page, { 'Email address': 'not an address' });
    await button(page, 'Send Code').click();
    await expectFieldProblem(page, 'Email address', 'Enter an email address such as name@example.org.');
    await expect(second).toBeChecked();

    await fillIn(page, { 'Email address': carla.email });
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await enterCode(page, await lastCode(page));
    await expect(row(page, 'c•••a@demo.example')).toContainText('Second mailbox');
    // One choice is left, so there is nothing to choose.
    await expect(button(page, 'Send Code')).toBeVisible();
    await expect(types(page)).toHaveCount(0);
  });

  test('while it is inactive nobody is asked, and nothing is lost', scriptedOnly, async ({ page, demo, pageProblems }) => {
    await givePassword(page, 'customer', carla);
    await addEntry(page, 'customer');
    await configure(demo, '[policy.customer]\nallowed = false\n');

    await page.goto('/account');
    await expect(heading(page, 'Account Settings')).toBeVisible();
    await expect(link(page, 'Two-Factor Authentication')).toHaveCount(0);
    pageProblems.allow(/status of 403 .*\/account\/two-factor/);
    await page.goto('/account/two-factor');
    await expect(problem(page, 'Two-factor authentication is not available at the moment.')).toBeVisible();
    await endSession(page, 'customer');
    await signIn(page, carla);
    await endSession(page, 'customer');

    await configure(demo, '[policy.customer]\nallowed = true\n');
    await signInWithCode(page, carla);
    await link(page, 'Two-Factor Authentication').click();
    await expect(row(page, 'c•••a@demo.example')).toBeVisible();
    // Who had no entry is not asked.
    await endSession(page, 'customer');
    await signIn(page, conrad);
  });

  test('an administrator enrolls and signs in with a code', async ({ page }) => {
    await signInAsAdmin(page);
    await link(page, 'My Profile').click();
    await expect(heading(page, 'User Security')).toBeVisible();
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await enterCode(page, await lastCode(page));
    await expect(row(page, 'a•••n@demo.example')).toBeVisible();
    await logOut(page);

    await enterPassword(page, ada, '/admin/login');
    await expectCodeScreen(page);
    await page.getByRole('checkbox', { name: 'Trust this device' }).check();
    await enterCode(page, await lastCode(page));
    await expect(heading(page, 'Dashboard')).toBeVisible();
    await logOut(page);
    await signInAsAdmin(page);
  });
});
