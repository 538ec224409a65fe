// What messages say: the list, the editor with its preview, what it refuses, and what people get.
import {
  ada,
  button,
  createCustomer,
  expectFieldProblem,
  expectMail,
  field,
  fillIn,
  heading,
  link,
  mailTo,
  notice,
  row,
  signInAsAdmin,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const templatesPath = '/admin/settings/setup/message-templates';
const preview = 'Preview of the HTML';

test('a message gets other words, is previewed, sent, saved and reset', async ({ page, demo, expectAccessible, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  // Axe speaks to the frame of the preview, which belongs to nobody.
  pageProblems.allow(/Failed to execute 'postMessage'/);
  await signInAsAdmin(page);
  await page.goto('/admin/settings/setup');
  await link(page, 'Open the message templates').click();
  await expect(heading(page, 'Message templates')).toBeVisible();
  await expectAccessible(page);
  await link(page, 'Password reset').click();
  await expect(heading(page, 'Password reset')).toBeVisible();
  await expect(page.frameLocator(`iframe[title="${preview}"]`).getByText('Reset your Configio password')).toHaveCount(0);
  await expectAccessible(page);

  // What is wrong is told beside its field, and nothing that was typed is lost.
  await fillIn(page, { Subject: 'A new password, {{ nobody }}', Text: 'Hello\n{% if %}' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Subject', 'There is no placeholder "nobody" in this message.');
  await expectFieldProblem(page, 'Text', "Line 2 can't be read.");
  await expect(field(page, 'Text')).toHaveValue('Hello\n{% if %}');
  await fillIn(page, { Subject: 'A new password', Text: 'Good morning. It is here: somewhere' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Text', 'Include the placeholder "link".');

  await fillIn(page, { Text: 'Good morning. It is here:\n\n{{ link }}\n', HTML: '<h1>Good morning</h1><p>{{ link }}</p>' });
  await button(page, 'Preview').click();
  await expect(page.frameLocator(`iframe[title="${preview}"]`).getByRole('heading', { name: 'Good morning' })).toBeVisible();
  await expect(page.getByLabel('Preview of the text')).toContainText('/sample/');
  await button(page, 'Send me this one').click();
  await expect(notice(page, 'The message is on its way to you.')).toBeVisible();
  await expectMail(page, ada.email, 'Good morning. It is here:');

  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await expectMail(page, ada.email, 'Message template saved: Password reset');
  await page.goto(templatesPath);
  await expect(row(page, 'Password reset')).toContainText(ada.email);

  const person = await createCustomer(demo, 'worded');
  await page.request.post('/api/password/ask_reset', { form: { audience: 'customer', email: person.email } });
  expect(await mailTo(page, person.email, 'Good morning.')).toContain('/password/');

  await link(page, 'Password reset').click();
  await link(page, 'Reset to default').click();
  await expect(heading(page, 'Reset this message?')).toBeVisible();
  await expectAccessible(page);
  await button(page, 'Reset to default').click();
  await expect(notice(page, 'The message has its default back.')).toBeVisible();
  await expect(field(page, 'Subject')).toHaveValue('Reset your {{ brand }} password');
});

test('a message of a code has code and reference first', scriptedOnly, async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(`${templatesPath}/code/en`);
  await expect(field(page, 'Subject')).toHaveValue('{{ code }} is your {{ brand }} code ({{ reference }})');
  await expect(page.getByText('012345 is your Configio code (ABC)')).toBeVisible();
});

test('each language has words of its own', scriptedOnly, async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(`${templatesPath}?language=de`);
  await link(page, 'Verification code').click();
  await expect(field(page, 'Subject')).toHaveValue(/Code/);
  await expect(page.getByLabel('Preview of the text')).toContainText('Bestätigungscode');
  await page.getByRole('navigation', { name: 'Language of the messages' }).getByRole('link', { name: 'English' }).click();
  await expect(page.getByLabel('Preview of the text')).toContainText('is your verification code');
});

test('a text message has its words, its length and its last line', async ({ page, expectAccessible, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  await signInAsAdmin(page);
  await page.goto(templatesPath);
  await link(page, 'Text message: verification code').click();
  await expect(heading(page, 'Text message: verification code')).toBeVisible();
  await expect(field(page, 'Subject')).toHaveCount(0);
  await expect(page.locator('iframe')).toHaveCount(0);
  await expect(field(page, 'Text')).toHaveValue(/@\{\{ host \}\} #\{\{ code \}\}$/);
  await expect(page.getByLabel('Preview of the text')).toContainText('#012345');
  await expect(page.getByText(/^\d+ of 160 characters\. Parts: 1\.$/)).toBeVisible();
  await expectAccessible(page);

  await fillIn(page, { Text: '{{ code }}' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Text', 'End with the line "@{{ host }} #{{ code }}".');
  await fillIn(page, { Text: `${'x'.repeat(160)}\n\n@{{ host }} #{{ code }}` });
  await button(page, 'Preview').click();
  await expect(page.getByText(/^\d+ of 160 characters\. Parts: 2\.$/)).toBeVisible();
  await expectFieldProblem(page, 'Text', 'it would be sent in 2 parts.');

  await fillIn(page, { Text: 'Hello, {{ code }}\n\n@{{ host }} #{{ code }}' });
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await page.goto(templatesPath);
  await expect(row(page, 'Text message: verification code')).toContainText(ada.email);
});
