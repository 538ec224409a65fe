// Codes by text message: setting up a provider, enrolling and signing in.
import { type Page, mergeTests } from '@playwright/test';
import { type Gateway, account, key, test as gatewayTest } from '../support/gateway';
import { type Half, createPerson, enter, halves, leave, scriptedOnlyForAdmins, openEntries } from '../support/halves';
import {
  button,
  deleteLastEntry,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectFilledIn,
  field,
  fillIn,
  heading,
  link,
  mailTo,
  notice,
  otherCode,
  problem,
  reference,
  row,
  saveForm,
  servicesPath,
  signInAsAdmin,
} from '../support/people';
import { allowTo, endSession, offer } from '../support/shortcuts';
import type { Server } from '../support/server';
import { expect, scriptedOnly, test as houseTest } from '../support/test';

const test = mergeTests(houseTest, gatewayTest);

test.use({ demoPer: 'test' });

const refused = /status of (422|429|502) .*\/api\//;

async function openForm(page: Page, vendor: string): Promise<void> {
  await page.goto(servicesPath);
  await link(page, 'Add New').click();
  await link(page, 'Configio Service Provider').click();
  await link(page, 'Text message').click();
  await link(page, vendor).click();
  await expect(heading(page, `New service provider: ${vendor}`)).toBeVisible();
}

const twilio = (gateway: Gateway) => ({
  Title: 'Texts',
  'Account SID': account.sid,
  'Auth token': account.token,
  Sender: account.sender,
  'API address': gateway.url,
  Countries: 'GB, US',
});

/** Registers Twilio, offers it as "Text message", allows it to both halves, and leaves. */
async function setUpTexts(page: Page, demo: Server, gateway: Gateway, more: Record<string, string> = {}): Promise<void> {
  await signInAsAdmin(page);
  await page.goto(`${servicesPath}/new/sms/twilio`);
  await fillIn(page, { ...twilio(gateway), ...more });
  await saveForm(page);
  await offer(demo, 'Texts', 'Text message');
  await allowTo(demo, 'admin', 'customer');
  await endSession(page, 'admin');
}

async function askForText(page: Page, half: Half, number: string, country = 'GB'): Promise<void> {
  await openEntries(page, half);
  await field(page, 'Country').selectOption(country);
  await fillIn(page, { 'Phone number': number });
  await button(page, 'Send Code').click();
}

/** The code that the screen is waiting for. */
async function codeTo(gateway: Gateway, page: Page, to: string): Promise<string> {
  const marked = await reference(page);
  for (;;) {
    const text = await gateway.waitForText(to);
    const code = text.match(/#(\d{6})$/)?.[1];
    if (text.includes(`Reference: ${marked}`) && code) return code;
  }
}

for (const half of halves) {
  test(`a ${half.audience} enrolls a phone and signs in by it`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    gateway,
    pageProblems,
    expectAccessible,
  }) => {
    test.slow();
    pageProblems.allow(refused);
    await setUpTexts(page, demo, gateway);
    const person = await createPerson(demo, half, 'texts');
    await enter(page, half, person);

    await openEntries(page, half);
    await expect(page.getByText(/takes over your phone number/)).toBeVisible();
    await expectAccessible(page);
    await askForText(page, half, '07400 123489');
    await expectCodeScreen(page);
    await expect(page.getByText('+447400123489')).toBeVisible();
    await expectAccessible(page);
    const code = await codeTo(gateway, page, '+447400123489');
    expect(gateway.texts[0]?.text).toMatch(/^\d{6} is your Configio code\. Reference: [A-Z]{3}\./);
    expect(gateway.texts[0]?.text.split('\n').at(-1)).toBe(`@127.0.0.1 #${code}`);
    await enterCode(page, otherCode(code));
    await expect(problem(page, 'That code is not right. You have 4 attempts left.')).toBeVisible();
    await enterCode(page, code);
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
    await expect(row(page, '+44•••••••89')).toContainText('Text message');
    await expect(page.getByText('123489')).toHaveCount(0);
    await leave(page);

    await enterPassword(page, person, half.login);
    await expectCodeScreen(page);
    await expect(page.getByText('+44•••••••89')).toBeVisible();
    await enterCode(page, await codeTo(gateway, page, '+447400123489'));
    await expect(page).toHaveURL(half.home);

    await openEntries(page, half);
    await deleteLastEntry(page, row(page, '+44•••••••89'));
    await expect(row(page, '+44•••••••89')).toHaveCount(0);
  });
}

test('bad numbers and countries that are not allowed are answered beside the field', async ({
  page,
  demo,
  gateway,
  pageProblems,
}) => {
  pageProblems.allow(refused);
  await setUpTexts(page, demo, gateway);
  const [half] = halves;
  await enter(page, half, await createPerson(demo, half, 'numbers'));
  for (const [typed, text] of [
    ['', 'Please fill this in.'],
    ['07400', 'Enter a phone number of the chosen country.'],
    ['call me', 'Enter a phone number of the chosen country.'],
    ['0121 234 5678', "This number can't receive text messages."],
    ['+49 151 23456789', "We can't send text messages to numbers in this country."],
    // Jersey has the same calling code as Britain.
    ['07797 712345', "We can't send text messages to numbers in this country."],
  ] as const) {
    await askForText(page, half, typed);
    await expectFieldProblem(page, 'Phone number', text);
    await expectFilledIn(page, { 'Phone number': typed, Country: 'GB' });
  }
  expect(gateway.texts).toEqual([]);
  await askForText(page, half, '(201) 555-0123', 'US');
  await expectCodeScreen(page);
  await expect(page.getByText('+12015550123')).toBeVisible();
  expect(gateway.texts[0]?.to).toBe('+12015550123');
});

test('what the provider refuses is told, and a new code can be asked for', scriptedOnly, async ({
  page,
  demo,
  gateway,
  pageProblems,
}) => {
  pageProblems.allow(refused);
  await setUpTexts(page, demo, gateway);
  const [half] = halves;
  await enter(page, half, await createPerson(demo, half, 'refused'));
  const answers = [
    ['overload', 'The text message service is busy'],
    ['refuse-number', "We can't send text messages to this number"],
    ['garble', 'The text message service rejected our message'],
  ] as const;
  for (const [index, [behaviour, says]] of answers.entries()) {
    gateway.behaviour = behaviour;
    await askForText(page, half, `07400 12${index}489`);
    await expect(problem(page, says)).toBeVisible();
    await expect(page.getByText('20429')).toHaveCount(0);
  }
  // One that says nothing is not waited for.
  gateway.behaviour = 'hang';
  await askForText(page, half, '07400 123489');
  await expect(page.getByText('Your code is on its way to the text message service.')).toBeVisible();
});

test('no more than the daily ceiling is sent', scriptedOnly, async ({ page, demo, gateway, pageProblems }) => {
  pageProblems.allow(refused);
  await setUpTexts(page, demo, gateway, { 'Messages per day': '1' });
  const [half] = halves;
  await enter(page, half, await createPerson(demo, half, 'ceiling'));
  await askForText(page, half, '07400 123489');
  await expectCodeScreen(page);
  await askForText(page, half, '07800 123456');
  await expect(problem(page, "We can't send any more text messages today.")).toBeVisible();
  expect(gateway.texts).toHaveLength(1);
});

test('the form of an HTTP gateway is tried out and saved', async ({ page, gateway, pageProblems, expectAccessible }) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  await openForm(page, 'HTTP gateway');
  await expectAccessible(page);
  const typed = {
    Title: 'Our gateway',
    Address: `${gateway.url}/send`,
    Headers: 'Authorization: Bearer {{secret}}\nContent-Type: application/json',
    Body: '{"to": "{{to}}", "text": "{{text}}"}',
    'Response contains': '"accepted":true',
    Countries: 'GB',
    'Messages per day': '20',
    'Test number': '+44 7400 123456',
  };
  await fillIn(page, { ...typed, Secret: 'wrong' });
  await button(page, 'Send Test Message').click();
  await expect(problem(page, 'The text message service rejected the account or its secret.')).toContainText('HTTP 401');
  await expectFilledIn(page, typed);
  await fillIn(page, { Secret: key });
  await button(page, 'Send Test Message').click();
  await expect(notice(page, /Test message sent.* Check that phone\./)).toBeVisible();
  expect(await gateway.waitForText('+447400123456')).toBe('Test message from Configio. Text messages work.');
  await expectFilledIn(page, typed);
  gateway.behaviour = 'refuse-number';
  await fillIn(page, { Secret: key });
  await button(page, 'Send Test Message').click();
  await expect(problem(page, 'The text message service rejected the message.')).toContainText(
    // What answers at home is not shown.
    'HTTP 200, but without what tells success',
  );
  await fillIn(page, { Secret: key });
  await saveForm(page);
  const ours = row(page, 'Our gateway');
  await expect(ours).toContainText(`127.0.0.1:${gateway.port}`);
  await expect(ours).toContainText('Text message');

  // The secret does not come back, and goes nowhere else.
  await link(ours, 'Edit').click();
  await expectFilledIn(page, { Address: typed.Address, Secret: '' });
  expect(await page.content()).not.toContain(key);
  await fillIn(page, { Title: 'The gateway' });
  await saveForm(page);
  await link(row(page, 'The gateway'), 'Edit').click();
  await fillIn(page, { Address: `${gateway.url}/elsewhere` });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Secret', /again/);
});

test('every bad field of a provider is named, and what was typed is kept', async ({ page, pageProblems }) => {
  pageProblems.allow(refused);
  await signInAsAdmin(page);
  await openForm(page, 'Twilio');
  const typed = {
    Title: '',
    'Account SID': 'AC12',
    Sender: 'a sender that is too long',
    'API address': 'https://169.254.169.254',
    Countries: 'Germany',
    'Messages per day': '0',
  };
  await fillIn(page, typed);
  await button(page, 'Save').click();
  for (const [label, text] of Object.entries({
    Title: 'Please fill this in.',
    'Account SID': 'Enter the SID as Twilio',
    'Auth token': 'Please fill this in.',
    Sender: 'Use a number with its plus sign',
    'API address': 'the server\'s own infrastructure',
    Countries: 'Enter two-letter country codes',
    'Messages per day': 'from 1 to 1000000',
  })) {
    await expectFieldProblem(page, label, text);
  }
  await expectFilledIn(page, typed);

  await openForm(page, 'SMPP');
  await fillIn(page, { Host: 'message centre', Port: '0', 'System ID': 'longer than fifteen', Sender: '€', Countries: 'GB' });
  await button(page, 'Save').click();
  for (const label of ['Host', 'Port', 'System ID', 'Sender']) {
    await expect(field(page, label)).toHaveAttribute('aria-invalid', 'true');
  }

  await openForm(page, 'HTTP gateway');
  await fillIn(page, { Address: 'https://{{to}}.example/', Headers: 'no colon', Body: '{{who}}', Countries: 'GB' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Address', 'Enter a full address');
  await expectFieldProblem(page, 'Headers', 'Enter one header per line');
  await expectFieldProblem(page, 'Body', 'Use only the placeholders');
});

test('in the demo the text arrives in the mailbox', scriptedOnly, async ({ page, demo }) => {
  await signInAsAdmin(page);
  await openForm(page, 'HTTP gateway');
  await saveForm(page);
  await offer(demo, 'HTTP gateway', 'Text message');
  await allowTo(demo, 'customer');
  const [half] = halves;
  await enter(page, half, await createPerson(demo, half, 'demo'));
  await askForText(page, half, '07400 123489');
  await expectCodeScreen(page);
  const marked = await reference(page);
  const text = await mailTo(page, '+447400123489', marked);
  const code = text.match(/#(\d{6})/)?.[1] ?? '';
  await enterCode(page, code);
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
});
