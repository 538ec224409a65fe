// A mail server that greets after seven seconds: nobody waits for it before a page that does not come.
import type { Page } from '@playwright/test';
import {
  button,
  carla,
  codeSentTo,
  enterCode,
  expectCodeScreen,
  fillIn,
  heading,
  problem,
  row,
  signIn,
} from '../support/people';
import { addEntry, endSession, givePassword, setUpMail } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test' });
test.slow();

const onItsWay = (page: Page) => page.getByText('Your code is on its way to the mail server.');
const taken = (page: Page) => page.getByText(/^Email sent at \d{1,2}:\d\d:\d\d [AP]M( UTC)?$/);

/** Presses a button, whose page has to come long before the mail server says a word. */
async function comesAtOnce(page: Page, name: string): Promise<void> {
  const begun = Date.now();
  await button(page, name).click();
  await expectCodeScreen(page);
  expect(Date.now() - begun).toBeLessThan(2_000);
  await expect(onItsWay(page)).toBeVisible();
}

/** The page tells by itself that the message was taken; without JavaScript, when it is loaded again. */
async function tellsThatItWasTaken(page: Page, javaScriptEnabled: boolean): Promise<void> {
  if (javaScriptEnabled) await expect(taken(page)).toBeVisible({ timeout: 15_000 });
  else {
    await expect(async () => {
      await page.reload();
      await expect(taken(page)).toBeVisible({ timeout: 100 });
    }).toPass({ timeout: 15_000, intervals: [500] });
  }
  await expect(onItsWay(page)).toHaveCount(0);
  await expect(problem(page, /./)).toHaveCount(0);
}

test('does not keep a sign-in waiting', async ({ page, demo, mailServer, javaScriptEnabled }) => {
  await setUpMail(demo, mailServer);
  await givePassword(page, 'customer', carla);
  await addEntry(page, 'customer', mailServer);
  await endSession(page, 'customer');
  await page.goto('/login');
  await fillIn(page, { Email: carla.email, Password: carla.password });
  mailServer.behaviour = 'greet-late';
  await comesAtOnce(page, 'Log in');
  await tellsThatItWasTaken(page, javaScriptEnabled ?? true);
  await enterCode(page, await codeSentTo(mailServer, carla.email, page));
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('does not keep waiting who sets up an entry', async ({ page, demo, mailServer, javaScriptEnabled }) => {
  await setUpMail(demo, mailServer);
  await signIn(page, carla);
  await page.goto('/account/two-factor');
  await fillIn(page, { 'Email address': 'carla.private@people.example' });
  mailServer.behaviour = 'greet-late';
  await comesAtOnce(page, 'Send Code');
  await tellsThatItWasTaken(page, javaScriptEnabled ?? true);
  await enterCode(page, await codeSentTo(mailServer, 'carla.private@people.example', page));
  await expect(row(page, 'c•••e@people.example')).toBeVisible();
});
