// Tables: what can be done with a row is in view on phones and beside long names, and the name leads to its page.
import type { Locator, Page } from '@playwright/test';
import { addSecondaryAuth, addService, button, field, heading, link, row, secondaryAuthPath, servicesPath, signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoPer: 'test' });

const long = 'Wärmepumpengeschwindigkeitsregler'.repeat(3);

async function expectInView(page: Page, ...things: Locator[]): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 };
  for (const thing of things) {
    const box = await thing.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  }
}

test('actions stay in view, and the name is the link', async ({ page }) => {
  await signInAsAdmin(page);
  await addService(page, { Title: long, Host: `${'mail.'.repeat(40)}example` });
  await addSecondaryAuth(page, long, long);
  for (const width of [320, 390, 800, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(servicesPath);
    const service = row(page, long);
    await expectInView(page, button(service, 'Deactivate'), link(service, 'Edit'), button(service, 'Delete'));
    await page.goto(secondaryAuthPath);
    const offered = row(page, long);
    await expectInView(page, link(offered, 'Edit'), button(offered, 'Delete'));
    for (const path of ['/admin/settings/setup/users', '/admin/customers']) {
      await page.goto(path);
      await expectInView(page, link(row(page, '@demo.example').first(), 'Edit'));
    }
  }
  await page.goto(servicesPath);
  await link(row(page, long), long).click();
  await expect(heading(page, 'Edit service provider')).toBeVisible();
  await expect(field(page, 'Title')).toHaveValue(long);
});

test('rows read as cards on a phone, and can still be sorted', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsAdmin(page);
  await page.goto('/admin/customers');
  const first = row(page, 'carla@demo.example');
  await expect(first).toBeVisible();
  const table = await page.getByRole('table').boundingBox();
  expect((table?.x ?? 0) + (table?.width ?? 0)).toBeLessThanOrEqual(390);
  await link(page, 'Created').click();
  await expect(page).toHaveURL(/sort=created/);
});
