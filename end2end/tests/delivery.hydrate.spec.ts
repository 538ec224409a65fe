// What the code screen tells by itself of the message that it waits for.
import type { Page } from '@playwright/test';
import {
  carla,
  codeSentTo,
  enterCode,
  enterPassword,
  expectCodeScreen,
  field,
  heading,
  link,
  problem,
} from '../support/people';
import { enrollBy, setUpMail } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test' });
test.slow();

const accepted = (page: Page) => page.getByText(/^Email sent at \d{1,2}:\d\d:\d\d [AP]M$/);

test('a slow mail server is waited for, and what is typed meanwhile stays', async ({ page, demo, mailServer }) => {
  await setUpMail(demo, mailServer);
  await enrollBy(mailServer, page, carla);
  mailServer.behaviour = 'slow';
  await enterPassword(page, carla);
  await expect(page.getByText('Your code is on its way to the mail server.')).toBeVisible();
  await field(page, 'Verification Code').fill('123');
  await expect(accepted(page)).toBeVisible();
  await expect(problem(page, /./)).toHaveCount(0);
  await expect(field(page, 'Verification Code')).toHaveValue('123');
  await enterCode(page, await codeSentTo(mailServer, carla.email, page));
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('a code that is put off says when it is tried again, and then that it was taken', async ({ page, demo, mailServer }) => {
  await setUpMail(demo, mailServer);
  await enrollBy(mailServer, page, carla);
  mailServer.behaviour = 'defer';
  await enterPassword(page, carla);
  await expect(problem(page, 'The mail server asked us to wait')).toBeVisible();
  await expect(page.getByText(/^We try again at \d{1,2}:\d\d:\d\d [AP]M$/)).toBeVisible();
  mailServer.behaviour = 'accept';
  await expect(accepted(page)).toBeVisible({ timeout: 40_000 });
  await expect(problem(page, /./)).toHaveCount(0);
});

test('a code that is refused in the end says why', async ({ page, demo, mailServer }) => {
  await setUpMail(demo, mailServer);
  await enrollBy(mailServer, page, carla);
  mailServer.behaviour = 'defer';
  await enterPassword(page, carla);
  await expect(problem(page, 'The mail server asked us to wait')).toBeVisible();
  mailServer.behaviour = 'refuse-recipient';
  await expect(problem(page, 'The mail server rejected this address')).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(/no such mailbox/)).toHaveCount(0);
});

test('after a minute without a code another way is suggested', async ({ page, demo, mailServer }) => {
  await setUpMail(demo, mailServer);
  await enrollBy(mailServer, page, carla);
  await page.clock.install();
  await enterPassword(page, carla);
  await expectCodeScreen(page);
  await expect(accepted(page)).toBeVisible();
  const hint = page.getByRole('status').filter({ hasText: 'No code yet?' });
  await expect(hint).toHaveCount(0);
  await page.clock.fastForward(61_000);
  await expect(hint).toBeVisible();
  await expect(link(page, 'Use another method instead')).toHaveCount(0);
});
