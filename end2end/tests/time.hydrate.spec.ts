// Times are on the reader's clock; under the pointer in UTC.
import { signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

test.use({ timezoneId: 'Asia/Tokyo' });

test('a time is local once the page is alive, and tells UTC under the pointer', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto('/admin/settings/setup/users');
  const time = page.getByRole('table').getByRole('time').first();
  const utc = (await time.getAttribute('datetime')) ?? '';
  const there = new Date(new Date(utc).getTime() + 9 * 3600_000).toISOString();
  await expect(time).toHaveText(`${there.slice(0, 10)} ${there.slice(11, 16)}`);
  await expect(time).toHaveAttribute('title', `${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC`);
});
