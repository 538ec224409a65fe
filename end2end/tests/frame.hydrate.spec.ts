// What has to look the same whether a page was loaded or moved to.
import type { Page } from '@playwright/test';
import { heading, link, signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

/** What each path of the brand's sign is painted with. */
const paint = (page: Page) =>
  page.locator('header a svg path').evaluateAll((paths) =>
    paths.map((path) => {
      const { fill, stroke } = getComputedStyle(path);
      return { fill, stroke };
    }),
  );

test('the brand’s sign keeps its colours when the page is moved to another one', async ({ page }) => {
  await signInAsAdmin(page);
  const before = await paint(page);
  expect(before).toHaveLength(2);
  expect(before[0].fill).not.toBe('none');
  // To a frame that the browser renders by itself, and back to this one.
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(heading(page, 'Administrator sign-in')).toBeVisible();
  expect(await paint(page)).toEqual(before);
  await link(page, 'Forgot password?').click();
  await expect(heading(page, 'Forgot your password?')).toBeVisible();
  expect(await paint(page)).toEqual(before);
});
