// Tables: what can be done with a row is in view on phones and beside long names, and the name leads to its page.
import type { Locator, Page } from '@playwright/test';
import { createPerson, enrollHere, halves, openSecurity } from '../support/halves';
import { addSecondaryAuth, addService, button, field, heading, link, row, secondaryAuthPath, servicesPath, signInAsAdmin } from '../support/people';
import { givePassword } from '../support/shortcuts';
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

test('Delete stands in the upper right of a row that is stacked', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsAdmin(page);
  await addService(page, { Title: 'Relay' });
  await addSecondaryAuth(page, 'Relay', 'By email');
  const offered = row(page, 'By email');
  const [all, edit, remove] = await Promise.all([offered, link(offered, 'Edit'), button(offered, 'Delete')].map((thing) => thing.boundingBox()));
  if (!all || !edit || !remove) throw new Error('not all of it is shown');
  expect(remove.y - all.y).toBeLessThan(24);
  expect(edit.y).toBe(remove.y);
  expect(all.x + all.width - (remove.x + remove.width)).toBeLessThan(24);

  await test.step('beside a button with a text the icons say what they do', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(servicesPath);
    const said = await button(row(page, 'Relay'), 'Delete').evaluate((icon) => getComputedStyle(icon, '::after').content);
    expect(said).toContain('Delete');
  });
});

test.describe('of an account', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('tables that have room do not stack', async ({ page, demo }) => {
    const [half] = halves;
    await givePassword(page, half.audience, await createPerson(demo, half, 'room'));
    await enrollHere(page, half);
    const heads = page.getByRole('columnheader');
    await page.setViewportSize({ width: 1280, height: 800 });
    await expect(heads.filter({ hasText: 'Added' })).toBeInViewport();
    for (const width of [768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await openSecurity(page, half);
      for (const name of ['Sessions', 'Recent activity']) {
        const table = page.getByRole('region', { name, exact: true }).getByRole('table');
        // A heading that is hidden from the eye is a pixel wide.
        for (const head of await table.getByRole('columnheader').all()) {
          expect((await head.boundingBox())?.width).toBeGreaterThan(20);
        }
      }
    }
  });
});
