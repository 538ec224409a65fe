// Trouble with the mail server while people set up their entry and sign in.
import {
  ada,
  askForEntryCode,
  button,
  carla,
  codeSentTo,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFilledIn,
  fillIn,
  heading,
  link,
  notice,
  problem,
  row,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { allowTo, enrollBy, setUpMail } from '../support/shortcuts';
import type { MailServer } from '../support/smtp';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const notDelivered = /status of 502 .*\/api\/(enrollment|challenge)\/send/;

type Trouble = {
  name: string;
  begin: (server: MailServer) => Promise<unknown> | unknown;
  end: (server: MailServer) => Promise<unknown> | unknown;
  /** What people read. */
  says: string;
  /** What only administrators read. */
  answer: RegExp;
};

const troubles: Trouble[] = [
  {
    name: 'a mail server that is down',
    begin: (server) => server.stop(),
    end: (server) => server.start(),
    says: 'We could not reach the mail server, so no code was sent. Try again in a moment.',
    answer: /refused/i,
  },
  {
    name: 'a mail server that refuses the recipient',
    begin: (server) => (server.behaviour = 'refuse-recipient'),
    end: (server) => (server.behaviour = 'accept'),
    says: 'The mail server rejected this address, so no code was sent. Check the address.',
    answer: /no such mailbox/,
  },
];

for (const { name, begin, end, says, answer } of troubles) {
  test.describe(name, () => {
    test('while setting up an entry', async ({ page, demo, mailServer, pageProblems }) => {
      pageProblems.allow(notDelivered);
      await setUpMail(demo, mailServer);
      await signIn(page, carla);
      await begin(mailServer);
      await withinSeconds(async () => {
        await askForEntryCode(page, 'carla.private@people.example');
        await expect(problem(page, says)).toBeVisible();
      });
      await expect(page.getByRole('main')).not.toContainText(answer.source === '.' ? 'Answer:' : answer);
      await expectFilledIn(page, { 'Email address': 'carla.private@people.example' });
      await expect(page.getByText('A code is on its way.')).toHaveCount(0);

      await end(mailServer);
      await button(page, 'Send Code').click();
      await expectCodeScreen(page);
      await enterCode(page, await codeSentTo(mailServer, 'carla.private@people.example', page));
      await expect(row(page, 'c•••e@people.example')).toBeVisible();
    });

    test('while signing in', async ({ page, demo, mailServer, pageProblems }) => {
      pageProblems.allow(notDelivered);
      await setUpMail(demo, mailServer);
      await enrollBy(mailServer, page, carla);
      await begin(mailServer);
      await withinSeconds(async () => {
        await enterPassword(page, carla);
        await expect(problem(page, says)).toBeVisible();
      });
      await expect(page.getByRole('main')).not.toContainText(answer.source === '.' ? 'Answer:' : answer);
      await withinSeconds(async () => {
        const answer = page.waitForResponse((response) => response.url().endsWith('/api/challenge/send_new_code'));
        await button(page, 'Send New Code').click();
        await answer;
        // Until its page has come, the problem of the time before is still there.
        await expect(button(page, 'Send New Code')).not.toHaveClass(/busy/);
        await expect(problem(page, says)).toBeVisible();
      });

      await end(mailServer);
      await button(page, 'Send New Code').click();
      await expect(notice(page, /A new code is on its way/)).toBeVisible();
      await expect(problem(page, says)).toHaveCount(0);
      await enterCode(page, await codeSentTo(mailServer, carla.email, page));
      await expect(heading(page, 'Account Settings')).toBeVisible();
    });

    test('administrators read the server’s own answer', async ({ page, demo, mailServer, pageProblems }) => {
      pageProblems.allow(notDelivered);
      await setUpMail(demo, mailServer);
      await allowTo(demo, 'admin');
      await signInAsAdmin(page);
      await link(page, 'My Profile').click();
      await begin(mailServer);
      await button(page, 'Send Code').click();
      await expect(problem(page, answer)).toContainText('Answer:');
      await expectFilledIn(page, { 'Email address': ada.email });
    });
  });
}

test.describe('a mail server that says nothing', scriptedOnly, () => {
  const says = 'Your code is on its way to the mail server.';

  test('is not waited for long while setting up an entry', async ({ page, demo, mailServer, pageProblems }) => {
    pageProblems.allow(notDelivered);
    await setUpMail(demo, mailServer);
    await signIn(page, carla);
    mailServer.behaviour = 'hang';
    await withinSeconds(async () => {
      await askForEntryCode(page, 'carla.private@people.example');
      await expect(page.getByText(says)).toBeVisible();
    });
    // It may still arrive, so its code can be entered.
    await expectCodeScreen(page);
    await expect(page.getByText('carla.private@people.example')).toBeVisible();

    // Another address needs no pause.
    mailServer.behaviour = 'accept';
    await link(page, 'Change').click();
    await fillIn(page, { 'Email address': carla.email });
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await enterCode(page, await codeSentTo(mailServer, carla.email, page));
    await expect(row(page, 'c•••a@demo.example')).toBeVisible();
  });

  test('is not waited for long while signing in', async ({ page, demo, mailServer, pageProblems }) => {
    pageProblems.allow(notDelivered);
    await setUpMail(demo, mailServer);
    await enrollBy(mailServer, page, carla);
    mailServer.behaviour = 'hang';
    await withinSeconds(async () => {
      await enterPassword(page, carla);
      await expect(page.getByText(says)).toBeVisible();
    });
    // The message may be on its way, so Send New Code has its pause.
    await expect(page.getByRole('timer').filter({ hasText: /in \d+ seconds/ })).toBeVisible();
  });
});

test.describe('a mail server that puts it off', () => {
  const says = 'The mail server asked us to wait, so your code is delayed. We keep trying while it is valid.';

  test('while setting up an entry', async ({ page, demo, mailServer, pageProblems }) => {
    pageProblems.allow(notDelivered);
    await setUpMail(demo, mailServer);
    await signIn(page, carla);
    mailServer.behaviour = 'defer';
    await askForEntryCode(page, 'carla.private@people.example');
    await expect(problem(page, says)).toBeVisible();
    await expect(page.getByRole('main')).not.toContainText(/try again later/);
    mailServer.behaviour = 'accept';
    // It need not be asked for: the same code is sent again.
    await enterCode(page, await codeSentTo(mailServer, 'carla.private@people.example', page, 40_000));
    await expect(row(page, 'c•••e@people.example')).toBeVisible();
  });

  test('while signing in', async ({ page, demo, mailServer, pageProblems }) => {
    pageProblems.allow(notDelivered);
    await setUpMail(demo, mailServer);
    await enrollBy(mailServer, page, carla);
    mailServer.behaviour = 'defer';
    await enterPassword(page, carla);
    await expect(problem(page, says)).toBeVisible();
    mailServer.behaviour = 'accept';
    await button(page, 'Send New Code').click();
    await expect(notice(page, /A new code is on its way/)).toBeVisible();
    await expect(problem(page, says)).toHaveCount(0);
    await enterCode(page, await codeSentTo(mailServer, carla.email, page));
    await expect(heading(page, 'Account Settings')).toBeVisible();
  });
});

test('a slow mail server gets the message once, and the page says so when it is loaded again', scriptedOnly, async ({
  page,
  demo,
  mailServer,
  pageProblems,
}) => {
  pageProblems.allow(notDelivered);
  await setUpMail(demo, mailServer);
  await enrollBy(mailServer, page, carla);
  mailServer.behaviour = 'slow';
  await enterPassword(page, carla);
  await expect(page.getByText('Your code is on its way to the mail server.')).toBeVisible();
  const code = await codeSentTo(mailServer, carla.email, page);
  await expect(async () => {
    await page.reload();
    await expectCodeScreen(page);
    await expect(page.getByText(/^Email sent at/)).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
  expect(mailServer.mails.filter((mail) => mail.text.includes(code))).toHaveLength(1);
  await enterCode(page, code);
  await expect(heading(page, 'Account Settings')).toBeVisible();
});

test('a code that arrived goes on working when a newer one could not be sent', scriptedOnly, async ({
  page,
  demo,
  mailServer,
  pageProblems,
}) => {
  pageProblems.allow(notDelivered);
  await setUpMail(demo, mailServer);
  await signIn(page, carla);
  await askForEntryCode(page, carla.email);
  await expectCodeScreen(page);
  const code = await codeSentTo(mailServer, carla.email, page);
  await mailServer.stop();
  await askForEntryCode(page, 'carla.private@people.example');
  await expect(problem(page, /no code was sent/)).toBeVisible();
  await link(page, 'Enter the code').click();
  await enterCode(page, code);
  await expect(row(page, 'c•••a@demo.example')).toBeVisible();
});

async function withinSeconds(work: () => Promise<void>): Promise<void> {
  const begun = Date.now();
  await work();
  expect(Date.now() - begun).toBeLessThan(5_000);
}
