// Times are on the reader's clock; under the pointer in UTC.
import { signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';
import { written } from '../support/times';

test.use({ timezoneId: 'Asia/Tokyo' });

test('a time is local once the page is alive, and tells UTC under the pointer', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto('/admin/settings/setup/users');
  const time = page.getByRole('table').getByRole('time').first();
  const utc = (await time.getAttribute('datetime')) ?? '';
  await expect(time).toHaveText(written(utc, 'en', 'Asia/Tokyo'));
  await expect(time).toHaveAttribute('title', `${written(utc, 'en')} UTC`);
  await page.goto('/admin/audit');
  const event = page.getByRole('table').getByRole('time').first();
  await expect(event).toHaveText(written((await event.getAttribute('datetime')) ?? '', 'en'));
});
