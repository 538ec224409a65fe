// Bad input, form by form: what is wrong stands beside its field, and what was typed stays. What has a spec of its own
// for this (passwords, settings, wrong codes, dead links) is not repeated here.
import type { Page } from '@playwright/test';
import {
  ada,
  askForEntryCode,
  button,
  carla,
  configurationPath,
  expectCodeScreen,
  expectFieldProblem,
  fillIn,
  field,
  link,
  row,
  secondaryAuthPath,
  servicesPath,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { configure } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });
test.slow();

const required = 'Please fill this in.';
const controls = 'Remove line breaks and other control characters.';
const notAnEmail = 'Enter an email address such as name@example.org.';
const notAHost = 'Enter a host name or IP address such as mail.example.org.';
const notAPort = 'Enter a number from 1 to 65535';
const taken = 'This is already in use.';
const atMost = (characters: number) => `Use at most ${characters} characters.`;

const markup = '<img src="x" onerror="document.title=1"><b>bold</b>';
const long = (characters: number) => 'x'.repeat(characters);

/** What is typed into a field, and what is said about it; nothing where it is fine. */
type Typed = readonly [value: string, problem?: string];
type Form = {
  name: string;
  open: (page: Page) => Promise<unknown>;
  button: string;
  /** One submit each: the fields that are not named hold what is fine. */
  rounds: Record<string, Typed>[];
  /** What is fine. */
  fine: Record<string, string>;
  /** Fields that never come back. */
  secret?: string[];
};

const titles = (limit = 100): Typed[] => [
  ['', required],
  ['   ', required],
  [long(limit + 1), atMost(limit)],
  ['a\u0007b', controls],
  [`${markup}\u001b`, controls],
];
const addresses: Typed[] = [
  ['', required],
  ['nonsense', notAnEmail],
  [`${long(250)}@b.example`, atMost(254)],
  ['a\u0007@b.example', controls],
  [markup, notAnEmail],
  ['a@b.example,c@d.example', notAnEmail],
  ['two@at@signs.example', notAnEmail],
];

/** One round for each value of the longest list; shorter ones begin again. */
function rounds(fields: Record<string, Typed[]>): Record<string, Typed>[] {
  const count = Math.max(...Object.values(fields).map((values) => values.length));
  return Array.from({ length: count }, (_, round) =>
    Object.fromEntries(Object.entries(fields).map(([label, values]) => [label, values[round % values.length]])),
  );
}

const smtp = {
  Title: 'Another',
  Host: 'mail.example.org',
  Port: '587',
  'User name': 'robot',
  Password: 'plum-and-pear',
  'From address': 'no-reply@people.example',
  'From name': 'Example',
};

const visitorForms: Form[] = [
  {
    name: 'a forgotten password',
    open: (page) => page.goto('/login/forgot'),
    button: 'Send link',
    fine: { Email: 'nobody@people.example' },
    rounds: rounds({ Email: addresses }),
  },
  {
    name: 'registration',
    open: (page) => page.goto('/register'),
    button: 'Send link',
    fine: { Name: 'Nora', Email: 'nora@people.example' },
    rounds: [...rounds({ Name: titles(), Email: addresses }), { Name: [markup], Email: ['', required] }],
  },
];

const customerForms: Form[] = [
  {
    name: 'one’s own name',
    open: (page) => page.goto('/account'),
    button: 'Change name',
    fine: { Name: 'Carla' },
    rounds: rounds({ Name: titles() }),
  },
  {
    name: 'one’s own address',
    open: (page) => page.goto('/account/email'),
    button: 'Send link',
    fine: { 'New email address': 'carla@people.example' },
    rounds: rounds({ 'New email address': [...addresses, [carla.email, 'This is the same as before.']] }),
  },
  {
    name: 'setting up an entry',
    open: (page) => page.goto('/account/two-factor'),
    button: 'Send Code',
    fine: { 'Email address': carla.email },
    rounds: rounds({ 'Email address': addresses }),
  },
];

const adminForms: Form[] = [
  {
    name: 'a mail server',
    open: (page) => page.goto(`${servicesPath}/new/smtp`),
    button: 'Save',
    fine: smtp,
    secret: ['Password'],
    rounds: [
      ...rounds({
        Title: titles(),
        Host: [
          ['', required],
          ['not a host', notAHost],
          [long(254), atMost(253)],
          ['a\u0007b.example', controls],
          [markup, notAHost],
          ['http://mail.example.org', notAHost],
          ['169.254.169.254', 'This address is not allowed'],
        ],
        Port: [
          ['', required],
          ['0', notAPort],
          ['65536', notAPort],
          ['-1', notAPort],
          ['smtp', notAPort],
        ],
        'User name': [[long(256), atMost(255)], ['a\u0007b', controls], [markup]],
        // Other texts than the other fields have, to be seen if they come back.
        Password: [['secret'.repeat(43), atMost(255)], ['sec\u0007ret', controls], ['fine-secret']],
        'From address': addresses,
        'From name': [[long(101), atMost(100)], ['a\u0007b', controls], [markup]],
      }),
      { Title: ['SMTP', taken] },
      { Title: [' SMTP ', taken] },
    ],
  },
  {
    name: 'an authenticator app',
    open: (page) => page.goto(`${servicesPath}/new/authenticator`),
    button: 'Save',
    fine: { Title: 'App' },
    rounds: rounds({ Title: [...titles(), ['SMTP', taken]] }),
  },
  {
    name: 'a secondary authentication',
    open: async (page) => {
      await page.goto(`${secondaryAuthPath}/new`);
      await field(page, 'Service provider').selectOption({ label: 'SMTP' });
    },
    button: 'Save',
    fine: { Title: 'Another' },
    rounds: rounds({ Title: [...titles(), ['Email', taken]] }),
  },
  ...['/admin/settings/setup/users/new', '/admin/customers/new'].map((path) => ({
    name: `an invitation at ${path}`,
    open: (page: Page) => page.goto(path),
    button: 'Send invitation',
    fine: { Name: 'Nora', Email: 'nora@people.example' },
    rounds: [
      ...rounds({ Name: titles(), Email: addresses }),
      { Name: [markup] as const, Email: ['nonsense', notAnEmail] as const },
      { Email: [path.includes('customers') ? carla.email : ada.email, taken] as const },
    ],
  })),
  {
    name: 'an administrator’s own name',
    open: async (page) => {
      await page.goto('/admin/settings/setup/users');
      await link(row(page, ada.email), 'Edit').click();
      await expect(field(page, 'Name')).toBeVisible();
    },
    button: 'Save',
    fine: { Name: 'Ada' },
    rounds: rounds({ Name: titles() }),
  },
];

/**
 * Sends the rounds of a form, and expects each field to say what is wrong with it and to keep what was typed. What is
 * wrong is the server's to say, so all of them are sent without JavaScript only, and with it the first few.
 */
async function sweep(page: Page, form: Form, javaScriptEnabled?: boolean): Promise<void> {
  await test.step(form.name, async () => {
    for (const round of javaScriptEnabled === false ? form.rounds : form.rounds.slice(0, 2)) {
      await form.open(page);
      await fillIn(page, form.fine);
      await fillIn(page, Object.fromEntries(Object.entries(round).map(([label, [value]]) => [label, value])));
      await button(page, form.button).click();
      for (const [label, [, problem]] of Object.entries(round)) {
        if (problem) await expectFieldProblem(page, label, problem);
      }
      for (const [label, value] of Object.entries(form.fine)) {
        const typed = round[label]?.[0] ?? value;
        if (form.secret?.includes(label)) {
          if (typed) expect(await page.content(), `${label} came back`).not.toContain(`value="${typed}"`);
          continue;
        }
        // Browsers take the spaces around an address away by themselves.
        expect((await field(page, label).inputValue()).trim(), label).toBe(typed.trim());
      }
      await expect(page.locator('img[src="x"]')).toHaveCount(0);
      await expect(page).toHaveTitle(/· Configio$/);
    }
  });
}

test('what visitors type', async ({ page, demo, javaScriptEnabled, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\//);
  await configure(demo, '[configuration]\nself_registration = true\n');
  for (const form of visitorForms) await sweep(page, form, javaScriptEnabled);
});

test('what customers type', async ({ page, javaScriptEnabled, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\//);
  await signIn(page, carla);
  for (const form of customerForms) await sweep(page, form, javaScriptEnabled);
});

test('what administrators type', async ({ page, javaScriptEnabled, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\//);
  await signInAsAdmin(page);
  for (const form of adminForms) await sweep(page, form, javaScriptEnabled);
});

test('what is no code is told beside its field, and costs no try', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\//);
  await signIn(page, carla);
  await askForEntryCode(page, carla.email);
  await expectCodeScreen(page);
  for (const [code, problem] of [
    ['', required],
    ['   ', required],
    ['12345', 'Enter the 6 digits of the code.'],
    ['1234567', 'Enter the 6 digits of the code.'],
    ['abcdef', 'Enter the 6 digits of the code.'],
    [markup, 'Enter the 6 digits of the code.'],
  ]) {
    await fillIn(page, { 'Verification Code': code });
    await button(page, 'Verify').click();
    await expectFieldProblem(page, 'Verification Code', problem);
    await expect(page.getByText('attempts left')).toHaveCount(0);
  }
});

test('what stands in an address asks for nothing that is not there', scriptedOnly, async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/admin\/audit\?/, /does not conform to the required format, "yyyy-MM-dd"/);
  await signInAsAdmin(page);
  const odd = encodeURIComponent(`${markup}${long(300)}`);
  for (const path of [
    `${configurationPath}?q=${odd}`,
    `/admin/customers?q=${odd}&sort=${odd}&order=${odd}&factor=${odd}&after=${odd}`,
    `/admin/settings/setup/users?q=${odd}`,
    `/admin/audit?account=${odd}&action=${odd}&outcome=${odd}&before=${odd}`,
    `/admin?done=${odd}`,
  ]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBeLessThan(500);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.locator('img[src="x"]')).toHaveCount(0);
    await expect(page).toHaveTitle(/· Configio$/);
  }
  await page.goto('/admin/audit?from=yesterday&to=2026-02-30');
  for (const label of ['From', 'To']) await expectFieldProblem(page, label, 'Enter a date such as 2026-01-31.');
});
