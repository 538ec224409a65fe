// Real mail servers: Postfix with STARTTLS, a certificate of its own authority and a sign-in, and a second one beside it.
import { readFileSync } from 'node:fs';
import {
  askForEntryCode,
  createCustomer,
  enterCode,
  expectFilledIn,
  field,
  fillIn,
  link,
  notice,
  openNewSmtpForm,
  problem,
  reference,
  row,
  saveForm,
  secondaryAuthPath,
  servicesPath,
  signIn,
  signInAsAdmin,
  button,
  addSecondaryAuth,
  ada,
} from '../support/people';
import { allowTo } from '../support/shortcuts';
import { Postfix, whyNoPostfix } from '../support/postfix';
import { expect, scriptedOnly, test } from '../support/test';

const login = { user: 'robot', password: 'plum-anvil-harvest' };
const missing = whyNoPostfix();

test.use({ demoPer: 'test' });
test.slow();

test.describe('Postfix', scriptedOnly, () => {
  // Told by the configuration, which names what is left out.
  test.skip(missing !== undefined, missing);

  test('takes codes by STARTTLS and a sign-in, and another one stands in for it', async ({ page, demo, otherBrowser, pageProblems }) => {
    pageProblems.allow(/status of 502 .*\/api\/services\/save/);
    const main = await Postfix.start({ login });
    const spare = await Postfix.start();
    try {
      await signInAsAdmin(page);
      await test.step('its certificate is trusted by what the form holds, and only by that', async () => {
        await openNewSmtpForm(page);
        await fillIn(page, {
          Title: 'Main',
          Host: main.host,
          Port: String(main.port),
          Encryption: 'STARTTLS',
          'User name': `${login.user}@people.example`,
          Password: login.password,
          'From address': 'codes@people.example',
        });
        await button(page, 'Send Test Message').click();
        await expect(problem(page, 'We could not make a secure connection.')).toBeVisible();
        await page.locator('summary').filter({ hasText: 'More settings' }).click();
        await fillIn(page, { 'CA certificates': readFileSync(main.authority, 'utf8'), Password: login.password });
        await button(page, 'Send Test Message').click();
        await expect(notice(page, /Test message/)).toBeVisible();
        await main.waitForMail(ada.email, /Main/);
        await fillIn(page, { Password: 'wrong-password' });
        await button(page, 'Send Test Message').click();
        await expect(problem(page, 'The mail server rejected the user name or password.')).toBeVisible();
        await fillIn(page, { Password: login.password });
        await saveForm(page);
      });

      await test.step('codes arrive by it', async () => {
        await addSecondaryAuth(page, 'Main', 'Email');
        await allowTo(demo, 'customer');
        const person = await createCustomer(demo, 'first');
        const customer = await otherBrowser();
        await signIn(customer, person);
        await askForEntryCode(customer, person.email);
        const words = new RegExp(`Reference: ${await reference(customer)}`);
        await enterCode(customer, code((await main.waitForMail(person.email, words)).text));
        await expect(notice(customer, 'Two-factor authentication is set up.')).toBeVisible();
        expect(main.log()).toContain('sasl_method=PLAIN');
      });

      await test.step('and by the other one while it is away', async () => {
        const where = ['--host', spare.host, '--port', String(spare.port), '--encryption', 'none'];
        const from = ['--from-address', 'codes@people.example'];
        const added = await demo.run(['provider', 'add', 'smtp', '--title', 'Spare', ...where, ...from], '');
        expect(added.code, added.stderr).toBe(0);
        await page.goto(secondaryAuthPath);
        await link(row(page, 'Email'), 'Edit').click();
        await field(page, 'First fallback').selectOption({ label: 'Spare' });
        await saveForm(page);
        main.halt();
        const person = await createCustomer(demo, 'second');
        const customer = await otherBrowser();
        await signIn(customer, person);
        await askForEntryCode(customer, person.email);
        const words = new RegExp(`Reference: ${await reference(customer)}`);
        await enterCode(customer, code((await spare.waitForMail(person.email, words)).text));
        await expect(notice(customer, 'Two-factor authentication is set up.')).toBeVisible();
        expect(await main.mails(person.email)).toHaveLength(0);
        main.again();
      });

      await test.step('its settings came back as they were', async () => {
        await page.goto(servicesPath);
        await link(row(page, 'Main'), 'Edit').click();
        await expectFilledIn(page, { 'CA certificates': readFileSync(main.authority, 'utf8').trim() });
      });
    } finally {
      main.stop();
      spare.stop();
    }
  });
});

function code(text = ''): string {
  return text.match(/^\s*(\d{6})\s*$/m)?.[1] ?? '';
}
