// Service providers in the Services Manager.
import type { Page } from '@playwright/test';
import {
  ada,
  addService,
  button,
  carla,
  expectFieldProblem,
  expectFilledIn,
  field,
  fillIn,
  heading,
  link,
  notice,
  openNewSmtpForm,
  problem,
  row,
  saveForm,
  servicesPath,
  signInAsAdmin,
} from '../support/people';
import { addEntry, givePassword, setUpMail } from '../support/shortcuts';
import { type Behaviour, MailServer, type MailServerOptions } from '../support/smtp';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

const refused = /status of (422|502|409) .*\/api\/services\//;
const password = 'plum-anvil-harvest';

test('a service is added, edited, deactivated, activated and deleted', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await expect(page.getByText(/No service providers yet/)).toBeVisible();
  // Title and Save are enough: the rest comes from the server's defaults.
  await addService(page, { Title: 'Our mail' });
  const ours = row(page, 'Our mail');
  await expect(ours).toContainText('SMTP');
  await expect(ours).toContainText(/127\.0\.0\.1:\d+/);
  await expect(ours).toContainText('Active');

  await link(ours, 'Edit').click();
  await expect(heading(page, 'Edit service provider')).toBeVisible();
  await expectFilledIn(page, { Title: 'Our mail', Host: '127.0.0.1', 'From name': 'Configio' });
  await fillIn(page, { Title: 'The mail', Host: 'mail.people.example', Port: '465', Encryption: 'TLS' });
  await saveForm(page);
  await expect(ours).toHaveCount(0);
  const theirs = row(page, 'The mail');
  await expect(theirs).toContainText('mail.people.example:465');

  await button(theirs, 'Deactivate').click();
  await expect(notice(page, 'Service provider deactivated.')).toBeVisible();
  await expect(theirs).toContainText('Inactive');
  await button(theirs, 'Activate').click();
  await expect(notice(page, 'Service provider activated.')).toBeVisible();
  await expect(theirs).not.toContainText('Inactive');

  await button(theirs, 'Delete').click();
  await expect(heading(page, 'Delete this service provider?')).toBeVisible();
  await expect(page.getByText('The mail is deleted with its settings')).toBeVisible();
  await link(page, 'Cancel').click();
  await button(theirs, 'Delete').click();
  await button(page, 'Delete').click();
  await expect(notice(page, 'Deleted.')).toBeVisible();
  await expect(theirs).toHaveCount(0);
});

test('a preset fills in the server, says what the sign-in is there, and leaves alone what was typed', async ({ page, javaScriptEnabled, pageProblems, expectAccessible }) => {
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  const presets = page.getByRole('group', { name: 'Start from a known service:' });
  await fillIn(page, { Title: 'Our messages', Host: 'mail.example', 'From address': 'robot@people.example', Password: password });
  await button(presets, 'SendGrid').click();
  await expect(page).toHaveURL(/preset=sendgrid/);
  expect(page.url()).not.toContain(password);
  await expectFilledIn(page, { Host: 'smtp.sendgrid.net', Port: '587', 'User name': 'apikey', Encryption: 'starttls' });
  await expect(field(page, 'User name')).toHaveAccessibleDescription('Always the word apikey.');
  await expect(field(page, 'Password')).toHaveAccessibleDescription(/API key/);
  await expect(button(presets, 'SendGrid')).toHaveAttribute('aria-current', 'true');
  await expectFilledIn(page, { Title: 'Our messages', 'From address': 'robot@people.example' });
  // Secrets are never sent back: without JavaScript they are typed again.
  await expectFilledIn(page, { Password: javaScriptEnabled === false ? '' : password });
  await expectAccessible(page);
  await button(presets, 'Amazon SES').click();
  await expectFilledIn(page, { Host: 'email-smtp.us-east-1.amazonaws.com', 'User name': '' });
  await expect(field(page, 'Host')).toHaveAccessibleDescription('Replace us-east-1 with your region.');
  // Refused, the form keeps what the preset filled in.
  pageProblems.allow(refused);
  await fillIn(page, { Title: '' });
  await field(page, 'Title').press('Enter');
  await expectFieldProblem(page, 'Title', 'Please fill this in.');
  await expectFilledIn(page, { Host: 'email-smtp.us-east-1.amazonaws.com', Port: '587' });
});

test('a second service gets a title of its own', scriptedOnly, async ({ page }) => {
  await signInAsAdmin(page);
  await addService(page);
  await openNewSmtpForm(page);
  await expectFilledIn(page, { Title: 'SMTP 2' });
});

test('a test message asks for good fields too, and keeps what was typed', async ({ page, pageProblems }) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  const typed = { Title: '', Port: '70000', Encryption: 'TLS', 'User name': 'somebody', 'From address': 'nobody' };
  await fillIn(page, typed);
  await button(page, 'Send Test Message').click();
  await expect(problem(page, 'Check the highlighted fields.')).toBeVisible();
  await expectFieldProblem(page, 'Title', 'Please fill this in.');
  await expectFieldProblem(page, 'Port', 'Enter a number from 1 to 65535');
  await expectFieldProblem(page, 'From address', 'Enter an email address such as name@example.org.');
  await expect(field(page, 'Encryption').locator('option:checked')).toHaveText('TLS');
  await expectFilledIn(page, { ...typed, Encryption: 'tls' });
  await expect(field(page, 'User name')).not.toHaveAttribute('aria-invalid');
});

test('the test message takes what is in the form', async ({ page, mailServer }) => {
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  const typed = {
    ...target(mailServer),
    Title: 'Tried out',
    'From address': 'robot@people.example',
    'From name': 'Röbot & Sons',
  };
  await fillIn(page, typed);
  await button(page, 'Send Test Message').click();
  await expect(notice(page, /Test message/)).toBeVisible();
  const mail = await mailServer.waitForMail(ada.email);
  expect(mail.subject).toBe('Test message from Configio');
  expect(mail.from).toBe('robot@people.example');
  expect(mail.parsed.from?.value).toEqual([{ address: 'robot@people.example', name: 'Röbot & Sons' }]);
  expect(mail.text).toContain('"Tried out"');

  // Nothing was stored yet, and nothing that was typed is lost.
  await expectFilledIn(page, { ...typed, Encryption: 'none' });
  await saveForm(page);
  await expect(row(page, 'Tried out')).toContainText(`127.0.0.1:${mailServer.port}`);
});

test('a failed test says what the mail server answered, and the next one may succeed', async ({
  page,
  mailServer,
  pageProblems,
}) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  await fillIn(page, { ...target(mailServer), 'From address': 'robot@people.example' });
  mailServer.behaviour = 'refuse-recipient';
  await button(page, 'Send Test Message').click();
  await expect(problem(page, 'The mail server rejected the recipient.')).toContainText('no such mailbox');
  await expectFilledIn(page, { Port: String(mailServer.port) });
  mailServer.behaviour = 'accept';
  await button(page, 'Send Test Message').click();
  await expect(notice(page, /Test message/)).toBeVisible();
  await expect(problem(page, /./)).toHaveCount(0);
});

// One for each of the words; `providers/smtp` tells every kind of failure apart.
const failures: {
  name: string;
  server?: MailServerOptions;
  behaviour?: Behaviour | 'gone';
  form?: Record<string, string>;
  says: string;
  answer: RegExp;
}[] = [
  {
    name: 'a refused login',
    server: { login: { user: 'robot', password } },
    form: { 'User name': 'robot', Password: 'wrong-password' },
    says: 'The mail server rejected the user name or password.',
    answer: /wrong user name or password/,
  },
  {
    name: 'a message that is put off',
    behaviour: 'defer',
    says: 'The mail server asked us to try again later.',
    answer: /try again later/,
  },
  {
    name: 'a certificate that nobody trusts, from the first byte',
    server: { encryption: 'tls' },
    form: { Encryption: 'TLS' },
    says: 'We could not make a secure connection.',
    answer: /certificate/i,
  },
  {
    name: 'a dead port',
    behaviour: 'gone',
    says: "We can't reach the mail server.",
    answer: /refused/i,
  },
  {
    name: 'a server that says nothing',
    behaviour: 'hang',
    says: 'The mail server did not answer in time.',
    answer: /./,
  },
];

test('each failure is told in its own words, within a few seconds', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  for (const { name, server, behaviour, form, says, answer } of failures) {
    await test.step(name, async () => {
      const mailServer = await MailServer.start(server);
      if (behaviour === 'gone') await mailServer.stop();
      else if (behaviour) mailServer.behaviour = behaviour;
      await page.goto(`${servicesPath}/new/smtp`);
      await fillIn(page, { ...target(mailServer), 'From address': 'robot@people.example', ...form });
      const begun = Date.now();
      await button(page, 'Send Test Message').click();
      await expect(problem(page, says)).toContainText(answer);
      expect(Date.now() - begun).toBeLessThan(8_000);
      await expectFilledIn(page, { 'From address': 'robot@people.example', Port: String(mailServer.port) });
      expect(page.url()).not.toContain('wrong-password');
      if (behaviour !== 'gone') await mailServer.stop();
    });
  }
});

test.describe('a server that asks for a login', () => {
  test.use({ mailOptions: { login: { user: 'robot', password } } });

  test('keeps its password to itself', async ({ page, mailServer, pageProblems }) => {
    pageProblems.allow(refused);
    await signInAsAdmin(page);
    await openNewSmtpForm(page);
    await fillIn(page, {
      ...target(mailServer),
      Title: 'With a login',
      'User name': 'robot',
      Password: password,
      'From address': 'robot@people.example',
    });
    await saveForm(page);

    const openForm = async () => {
      await page.goto(servicesPath);
      await link(row(page, 'With a login'), 'Edit').click();
      await expect(field(page, 'Password')).toHaveValue('');
      await expect(field(page, 'Password')).toHaveAccessibleDescription(/A password is stored\. Leave this blank/);
    };
    const expectNoPassword = async () => {
      expect(await page.content()).not.toContain(password);
      expect(page.url()).not.toContain(password);
    };
    await openForm();
    await expectNoPassword();

    await test.step('the stored one is used while it stays with its server and user', async () => {
      await button(page, 'Send Test Message').click();
      await expect(notice(page, /Test message/)).toBeVisible();
      expect((await mailServer.waitForMail(ada.email)).user).toBe('robot');
      await fillIn(page, { Title: 'With the login' });
      await fillIn(page, { Title: 'With a login' });
      await saveForm(page);
    });

    await test.step('it is not given to another server or user', async () => {
      for (const change of [{ Host: 'mail.people.example' }, { Port: '26' }, { 'User name': 'other' }] as Record<
        string,
        string
      >[]) {
        for (const action of ['Save', 'Send Test Message']) {
          await openForm();
          await fillIn(page, change);
          await button(page, action).click();
          await expectFieldProblem(page, 'Password', 'Enter the password again');
          await expectFilledIn(page, change);
          await expectNoPassword();
        }
      }
    });

    await test.step('an error does not show what was typed', async () => {
      await openForm();
      await fillIn(page, { Password: password, Port: 'none' });
      await button(page, 'Save').click();
      await expectFieldProblem(page, 'Port', 'Enter a number');
      await expectNoPassword();
    });

    await test.step('another password may be stored, for another user too', async () => {
      await openForm();
      await fillIn(page, { 'User name': 'other', Password: 'quartz-lemon-ferry' });
      await saveForm(page);
      await openForm();
      await button(page, 'Send Test Message').click();
      await expect(problem(page, 'The mail server rejected the user name or password.')).toBeVisible();
    });
  });
});

test.describe('a service that is offered to people', scriptedOnly, () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('cannot be deleted', async ({ page, pageProblems }) => {
    pageProblems.allow(refused);
    await signInAsAdmin(page);
    await page.goto(servicesPath);
    await button(row(page, 'SMTP'), 'Delete').click();
    await expect(problem(page, 'It is used by the secondary authentication "Email". Delete that first.')).toBeVisible();
    await expect(row(page, 'SMTP')).toContainText('Active');
  });
});

test('a service that does not exist is not found', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 404 .*\/services\//);
  await signInAsAdmin(page);
  for (const id of ['00000000-0000-0000-0000-000000000000', 'nonsense']) {
    const answer = await page.goto(`${servicesPath}/${id}`);
    expect(answer?.status()).toBe(404);
    await expect(problem(page, "We can't find this.")).toBeVisible();
  }
});

/** Unfolds a part of the form. */
const unfold = (page: Page, title: string) => page.locator('summary').filter({ hasText: title }).click();

test('what few mail servers need is folded away, and told beside its field', async ({ page, mailServer, pageProblems }) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  await expect(field(page, 'CA certificates')).toBeHidden();
  await unfold(page, 'More settings');
  await fillIn(page, {
    ...target(mailServer),
    'From address': 'robot@people.example',
    'Reply-To address': 'help@people.example',
    'EHLO name': 'id.people.example',
    'CA certificates': 'no certificate',
  });
  await button(page, 'Save').click();
  // It is unfolded where something in it is wrong.
  await expectFieldProblem(page, 'CA certificates', 'Paste one or more certificates in PEM format');
  await expectFilledIn(page, { 'Reply-To address': 'help@people.example', 'EHLO name': 'id.people.example' });
  await fillIn(page, { 'CA certificates': '' });
  await button(page, 'Send Test Message').click();
  await expect(notice(page, /Test message/)).toBeVisible();
  const mail = await mailServer.waitForMail(ada.email);
  expect(mail.parsed.replyTo?.value.map(({ address }) => address)).toEqual(['help@people.example']);
  await fillIn(page, { Title: 'With more' });
  await saveForm(page);
  await link(row(page, 'With more'), 'Edit').click();
  await expect(field(page, 'Reply-To address')).toHaveValue('help@people.example');
  await expect(field(page, 'Reply-To address')).toBeVisible();
});

test('a mailbox that takes no password asks for what its tokens need', async ({ page, pageProblems }) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  await unfold(page, 'Sign-in with Microsoft 365 or Google');
  await fillIn(page, { Host: 'smtp.office365.com', 'Sign-in': 'Microsoft 365 (client credentials)', 'User name': '' });
  await button(page, 'Save').click();
  for (const label of ['User name', 'Client ID', 'Client secret', 'Tenant']) {
    await expectFieldProblem(page, label, 'Please fill this in.');
  }
  await fillIn(page, {
    Title: 'Microsoft',
    'User name': 'codes@people.example',
    'Client ID': 'the-client',
    'Client secret': 'never-shown-again',
    Tenant: 'people.example',
    'From address': 'codes@people.example',
  });
  await saveForm(page);
  await link(row(page, 'Microsoft'), 'Edit').click();
  await expectFilledIn(page, { 'Client ID': 'the-client', 'Client secret': '', Tenant: 'people.example' });
  await expect(field(page, 'Client secret')).toHaveAccessibleDescription(/One is stored\. Leave this blank/);
  expect(await page.content()).not.toContain('never-shown-again');
  await fillIn(page, { Tenant: 'other.example' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Client secret', 'Enter the password again');
});

test("a provider's page shows its last day and whom it serves", async ({ page, demo, mailServer }) => {
  await setUpMail(demo, mailServer);
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await link(row(page, String(mailServer.port)), 'Edit').click();
  const day = page.getByRole('region', { name: 'Last 24 hours' });
  await expect(day).toContainText('Nothing was sent in the last 24 hours.');
  await expect(day.getByRole('listitem').filter({ hasText: 'Email' })).toContainText('0 people');

  await givePassword(page, 'customer', carla);
  await addEntry(page, 'customer', mailServer);
  await page.reload();
  await expect(day.getByRole('img', { name: /^Bar chart of the attempts in the last 24 hours: [1-9]\d* accepted, 0 failed/ })).toBeVisible();
  await expect(day.getByRole('listitem').filter({ hasText: 'Email' })).toContainText('1 person');
  await day.locator('summary').filter({ hasText: 'View as a table' }).click();
  await expect(day.getByRole('row')).toHaveCount(25);
  await link(day, 'All messages through this service provider').click();
  await expect(heading(page, 'Deliveries')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Verification code' }).first()).toBeVisible();
});

/** Where a mail server listens, as the form asks for it. */
function target(server: MailServer): Record<string, string> {
  return { Host: server.host, Port: String(server.port), Encryption: 'None' };
}
