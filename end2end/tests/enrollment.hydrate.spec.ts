// What setting up an entry does only where JavaScript is on.
import { button, carla, expectCodeScreen, signIn } from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('a double click sends one code', async ({ page }) => {
  await signIn(page, carla);
  await page.goto('/account/two-factor');
  await button(page, 'Send Code').dblclick();
  await expectCodeScreen(page);
  await page.goto('/demo/mailbox');
  await expect(page.getByRole('article')).toHaveCount(1);
});
