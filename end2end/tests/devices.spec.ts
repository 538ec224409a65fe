// "Trust this device".
import type { Page } from '@playwright/test';
import {
  button,
  carla,
  deleteLastEntry,
  enroll,
  enrolledCustomer,
  enterCode,
  enterPassword,
  expectCodeScreen,
  fillIn,
  heading,
  lastCode,
  link,
  logOut,
  type Person,
  row,
  signIn,
  signInWithCode,
  waitingCustomer,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const trust = (page: Page) => page.getByRole('checkbox', { name: 'Trust this device' });

test('the box is empty, and says what it means', async ({ page, demo }) => {
  await waitingCustomer(page, demo, 'box');
  await expect(trust(page)).not.toBeChecked();
  await expect(trust(page)).toHaveAccessibleDescription(
    "Don't ask for a code in this browser for 30 days. Leave unticked on a shared computer.",
  );
});

test('a trusted browser is not asked again, another one is', async ({ page, demo, otherBrowser }) => {
  const person = await trustingCustomer(page, demo, 'trusting');
  // More than once: the value is swapped at each use.
  for (let time = 1; time <= 2; time++) {
    await signIn(page, person);
    await logOut(page);
  }
  const other = await otherBrowser();
  await enterPassword(other, person);
  await expectCodeScreen(other);
});

test('a value that was swapped is worth nothing', scriptedOnly, async ({ page, demo, otherBrowser }) => {
  const person = await trustingCustomer(page, demo, 'swapped');
  const before = await page.context().cookies();
  // The token before the last swap is accepted for a moment, for tabs that sign in at once; the one before it is not.
  await signIn(page, person);
  await signIn(page, person);
  const other = await otherBrowser();
  await other.context().addCookies(before);
  await enterPassword(other, person);
  await expectCodeScreen(other);
});

test('trust is for one account', scriptedOnly, async ({ page, demo, otherBrowser }) => {
  const neighbour = await enrolledCustomer(await otherBrowser(), demo, 'neighbour');
  await trustingCustomer(page, demo, 'owner');
  await enterPassword(page, neighbour);
  await expectCodeScreen(page);
});

test('trust ends when the second factor changes', scriptedOnly, async ({ page, demo }) => {
  const person = await trustingCustomer(page, demo, 'changing');
  const trusted = await page.context().cookies();
  await signIn(page, person);
  await page.goto('/account/two-factor');
  // A trusted device replaces no step-up.
  await link(page, 'Confirm that it is you').click();
  await fillIn(page, { Password: person.password });
  await button(page, 'Confirm').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await deleteLastEntry(page, row(page, 'c•••g@people.example'));
  await enroll(page);
  await logOut(page);
  await page.context().addCookies(trusted);
  await enterPassword(page, person);
  await expectCodeScreen(page);
});

test.describe('as time goes by', scriptedOnly, () => {
  test.use({ demoPer: 'test' });
  // The server goes away and comes back.
  test.beforeEach(({ pageProblems }) => pageProblems.allow(/net::ERR_CONNECTION_REFUSED/));

  test('an expired trust asks again', async ({ page, demo }) => {
    const person = await trustingCustomer(page, demo, 'patient');
    await demo.restart(['demo', '--ready', '--days-ahead', '29']);
    await signIn(page, person);
    await logOut(page);
    // Using it did not make it last longer.
    await demo.restart(['demo', '--ready', '--days-ahead', '31']);
    await enterPassword(page, person);
    await expectCodeScreen(page);
    await enterCode(page, await lastCode(page));
    await expect(heading(page, 'Account Settings')).toBeVisible();
  });

  test('a session ends after a day', async ({ page, demo }) => {
    await signIn(page, carla);
    await demo.restart(['demo', '--ready', '--days-ahead', '1']);
    await page.goto('/account');
    await expect(page).toHaveURL('/login');
  });
});

/** A customer whose browser is trusted, signed out. */
async function trustingCustomer(page: Page, demo: Parameters<typeof enrolledCustomer>[1], name: string): Promise<Person> {
  const person = await enrolledCustomer(page, demo, name);
  await signInWithCode(page, person, { trust: true });
  await logOut(page);
  return person;
}
