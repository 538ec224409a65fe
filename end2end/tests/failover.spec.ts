// A second way out: providers that stand in for another one, and one that is left alone while it is down.
import {
  askForEntryCode,
  codeSentTo,
  createCustomer,
  enterCode,
  field,
  link,
  notice,
  row,
  saveForm,
  secondaryAuthPath,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { setUpMail } from '../support/shortcuts';
import { MailServer } from '../support/smtp';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test' });
test.slow();

test('codes arrive by the fallback, and the dashboard says which service provider is paused', async ({
  page,
  demo,
  mailServer,
  otherBrowser,
  expectAccessible,
}) => {
  const spare = await MailServer.start();
  try {
    await setUpMail(demo, mailServer);
    const where = ['--host', spare.host, '--port', String(spare.port), '--encryption', 'none'];
    const added = await demo.run(
      ['provider', 'add', 'smtp', '--title', 'Spare', ...where, '--from-address', 'no-reply@people.example'],
      '',
    );
    expect(added.code, added.stderr).toBe(0);

    await signInAsAdmin(page);
    await page.goto(secondaryAuthPath);
    await link(row(page, 'Email'), 'Edit').click();
    await expect(field(page, 'Second fallback')).toHaveValue('');
    await field(page, 'First fallback').selectOption({ label: 'Spare' });
    await expectAccessible(page);
    await saveForm(page);
    await expect(row(page, 'Email')).toContainText('then Spare');

    await mailServer.stop();
    for (const name of ['first', 'second', 'third']) {
      const person = await createCustomer(demo, name);
      const customer = await otherBrowser();
      await signIn(customer, person);
      await askForEntryCode(customer, person.email);
      await enterCode(customer, await codeSentTo(spare, person.email, customer));
      await expect(notice(customer, 'Two-factor authentication is set up.')).toBeVisible();
    }
    await page.goto('/admin');
    await expect(page.getByText(/^Mail has been paused since/)).toBeVisible();
    await expect(row(page, 'Mail').filter({ hasText: 'Paused' })).toBeVisible();
    await expectAccessible(page);
  } finally {
    await spare.stop();
  }
});
