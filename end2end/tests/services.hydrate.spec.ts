// What the form of a service does only where JavaScript is on.
import { button, expectFilledIn, field, fillIn, openNewSmtpForm, notice, problem, row, servicesPath, signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

test('the focus goes to the first bad field', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/services\/save/);
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  await fillIn(page, { Host: '', Port: '0' });
  await button(page, 'Save').click();
  await expect(field(page, 'Host')).toBeFocused();
});

test('a test keeps the password that was typed', async ({ page, mailServer, pageProblems }) => {
  pageProblems.allow(/status of 502 .*\/api\/services\/save/);
  await signInAsAdmin(page);
  await openNewSmtpForm(page);
  await fillIn(page, { Host: mailServer.host, Port: String(mailServer.port), 'User name': 'robot', Password: 'plum' });
  mailServer.behaviour = 'drop';
  await button(page, 'Send Test Message').click();
  await expect(problem(page, "We can't reach the mail server.")).toBeFocused();
  mailServer.behaviour = 'accept';
  await button(page, 'Send Test Message').click();
  await expect(notice(page, 'Test message sent to admin@demo.example.')).toBeVisible();
  await expectFilledIn(page, { Password: 'plum' });
});

test.describe('in the list', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('what was wrong goes away with the next answer', async ({ page, pageProblems }) => {
    pageProblems.allow(/status of 409 .*\/api\/services\/delete/);
    await signInAsAdmin(page);
    await page.goto(servicesPath);
    const service = row(page, 'SMTP');
    await button(service, 'Deactivate').click();
    await expect(notice(page, 'Service provider deactivated.')).toBeVisible();
    await button(service, 'Delete').click();
    await expect(problem(page, 'Delete that first.')).toBeVisible();
    await expect(notice(page, 'Service provider deactivated.')).toHaveCount(0);
    await button(service, 'Activate').click();
    await expect(notice(page, 'Service provider activated.')).toBeVisible();
    await expect(problem(page, /./)).toHaveCount(0);
  });
});
