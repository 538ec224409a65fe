// What keeping recovery codes needs a living page for: copying and printing.
import { createPerson, enrollHere, halves, openEntries } from '../support/halves';
import { button, notice } from '../support/people';
import { givePassword } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('codes are copied and printed', async ({ page, context, demo }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.addInitScript(() => {
    window.print = () => document.documentElement.setAttribute('data-printed', '');
  });
  const [half] = halves;
  const person = await createPerson(demo, half, 'copies');
  await givePassword(page, half.audience, person);
  await enrollHere(page, half);
  await openEntries(page, half);
  await button(page, 'Create recovery codes').click();
  const items = page.getByRole('region', { name: 'Your new recovery codes' }).getByRole('listitem');
  await expect(items).toHaveCount(10);
  const codes = await items.allInnerTexts();
  await button(page, 'Copy').click();
  await expect(notice(page, 'Copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join('\n'));
  await button(page, 'Print').click();
  await expect(page.locator('html')).toHaveAttribute('data-printed', '');

  await test.step('on paper there are only the codes', async () => {
    await page.emulateMedia({ media: 'print' });
    await expect(items.first()).toBeVisible();
    await expect(button(page, 'Copy')).toBeHidden();
    await expect(page.getByRole('banner')).toBeHidden();
  });
});
