// An account with several entries: one is preferred, and the code screen offers the others.
import {
  button,
  createCustomer,
  enterCode,
  enterPassword,
  expectCodeScreen,
  fillIn,
  heading,
  lastCode,
  link,
  notice,
  row,
  signIn,
  types,
} from '../support/people';
import { endSession, offer } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'], demoPer: 'test' });

test('another method is chosen at the sign-in, and another entry is preferred', async ({
  page,
  demo,
  expectAccessible,
}) => {
  await offer(demo, 'SMTP', 'Second mailbox');

  const pat = await createCustomer(demo, 'pat');
  await signIn(page, pat);
  await page.goto('/account/two-factor');
  await types(page).getByRole('radio', { name: 'Email', exact: true }).check();
  await button(page, 'Send Code').click();
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();

  await test.step('the only entry is used without a choice', async () => {
    await endSession(page, 'customer');
    await enterPassword(page, pat);
    await expectCodeScreen(page);
    await expect(link(page, 'Use another method')).toHaveCount(0);
    await enterCode(page, await lastCode(page));
    await expect(heading(page, 'Account Settings')).toBeVisible();
  });

  await page.goto('/account/two-factor');
  await fillIn(page, { 'Email address': 'second@people.example' });
  await button(page, 'Send Code').click();
  await enterCode(page, await lastCode(page));
  await expect(row(page, 'Email')).toContainText('Preferred');
  await expectAccessible(page);

  await test.step('the preferred entry is used first, and another can be chosen', async () => {
    await endSession(page, 'customer');
    await enterPassword(page, pat);
    await expectCodeScreen(page);
    await expect(page.getByText('p•••@people.example')).toBeVisible();
    await link(page, 'Use another method').click();
    await expect(heading(page, 'Choose a method')).toBeVisible();
    await expectAccessible(page);
    await button(page, 'Second mailbox').click();
    await expectCodeScreen(page);
    await expect(page.getByText('s•••d@people.example')).toBeVisible();
    await enterCode(page, await lastCode(page));
    await expect(heading(page, 'Account Settings')).toBeVisible();
  });

  await test.step('another entry becomes the first one', async () => {
    await page.goto('/account/two-factor');
    await button(row(page, 'Second mailbox'), 'Use first').click();
    await expect(notice(page, "We'll use this method first")).toBeVisible();
    await expect(row(page, 'Second mailbox')).toContainText('Preferred');
    await endSession(page, 'customer');
    await enterPassword(page, pat);
    await expectCodeScreen(page);
    await expect(page.getByText('s•••d@people.example')).toBeVisible();
  });
});
