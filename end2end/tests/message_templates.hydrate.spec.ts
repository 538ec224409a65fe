// The preview follows what is typed.
import { field, signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('the preview and the problems follow what is typed', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto('/admin/settings/setup/message-templates/code/en');
  await field(page, 'HTML').fill('<h1>{{ code }}</h1>');
  const html = page.frameLocator('iframe[title="Preview of the HTML"]');
  await expect(html.getByRole('heading', { name: '012345' })).toBeVisible();
  await field(page, 'Text').fill('nothing');
  await expect(field(page, 'Text')).toHaveAccessibleDescription(/Include the placeholder "code"/);
  await field(page, 'Text').fill('It is {{ code }}');
  await expect(page.getByLabel('Preview of the text')).toHaveText('It is 012345');
  await expect(field(page, 'Text')).not.toHaveAttribute('aria-invalid', 'true');
});
