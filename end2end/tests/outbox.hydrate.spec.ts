// Messages survive what happens to mail servers and to this one.
import {
  askForEntryCode,
  button,
  codeSentTo,
  createCustomer,
  enterCode,
  expectCodeScreen,
  fillIn,
  notice,
  signIn,
} from '../support/people';
import { setUpMail } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test' });
test.slow();

// The server dies while it is being waited for, which only a page that is alive outlives.

test('a link that was asked for while the mail server was down arrives after a restart', async ({
  page,
  demo,
  mailServer,
}) => {
  await setUpMail(demo, mailServer);
  const person = await createCustomer(demo, 'patient');

  await mailServer.stop();
  await page.goto('/login/forgot');
  await fillIn(page, { Email: person.email });
  await button(page, 'Send link').click();
  await expect(notice(page, 'If there is an account with this address')).toBeVisible();
  await demo.waitForOutput(/message not delivered/);

  await demo.restart(['demo']);
  await mailServer.start();
  const mail = await mailServer.waitForMail(person.email, 40_000);
  expect(mail.text).toContain(`${demo.url}/password/`);
});

test('a code whose server died in the middle of sending it arrives and works', async ({
  page,
  demo,
  mailServer,
  pageProblems,
}) => {
  // The request that the server takes with it.
  pageProblems.allow(/ERR_/);
  await setUpMail(demo, mailServer);
  const person = await createCustomer(demo, 'unlucky');
  await signIn(page, person);

  mailServer.behaviour = 'hang';
  const connected = mailServer.waitForConnection();
  await askForEntryCode(page, person.email);
  await connected;
  await demo.crash(['demo']);
  mailServer.behaviour = 'accept';

  await page.goto('/account/two-factor/verify');
  await expectCodeScreen(page);
  await enterCode(page, await codeSentTo(mailServer, person.email, page, 60_000));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
});
