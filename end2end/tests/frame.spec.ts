// The frame around the pages: the console's navigation, and what is said where there is no page.
import { heading, link, signIn, carla, signInAsAdmin } from '../support/people';
import { chooseLanguage } from '../support/shortcuts';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('the menu unfolds on a phone, also without JavaScript', async ({ page, expectAccessible }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signInAsAdmin(page);
  const nav = page.getByRole('navigation', { name: 'Console' });
  await expect(link(nav, 'Customers')).toBeHidden();
  await page.getByText('Menu', { exact: true }).click();
  await expect(link(nav, 'Services, in the Services Manager')).toBeVisible();
  await expectAccessible(page);
  await link(nav, 'Secondary Auth, in the Services Manager').click();
  await expect(heading(page, 'Secondary Auth')).toBeVisible();
});

test('the header stays in one line on a narrow phone, in German and French too', async ({ page, expectAccessible }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signInAsAdmin(page);
  for (const [language, profile, logOut] of [
    ['de', 'Mein Profil', 'Abmelden'],
    ['fr', 'Mon profil', 'Se déconnecter'],
    ['en', 'My Profile', 'Log out'],
  ] as const) {
    await chooseLanguage(page, language, 'admin');
    await page.goto('/admin/profile/security');
    const top = page.getByRole('banner');
    const things = [link(top, 'Configio'), link(top, profile), top.getByRole('button', { name: logOut, exact: true })];
    const boxes = await Promise.all(things.map((thing) => thing.boundingBox()));
    const middles = boxes.map((box) => (box ? box.y + box.height / 2 : NaN));
    for (const middle of middles) expect(Math.abs(middle - middles[0])).toBeLessThan(4);
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(320);
    await expectAccessible(page);
  }
});

test('Settings lead to Setup, which is one page', async ({ page }) => {
  await signInAsAdmin(page);
  const nav = page.getByRole('navigation', { name: 'Console' });
  await link(nav, 'Settings').click();
  await expect(page).toHaveURL('/admin/settings/setup');
  await expect(heading(page, 'Setup')).toBeVisible();
  await expect(link(nav, 'Setup')).toHaveAttribute('aria-current', 'page');
});

test('the menu marks the page and not the way to it', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto('/admin/settings/setup/services-manager/services');
  const nav = page.getByRole('navigation', { name: 'Console' });
  const ground = (name: string) => link(nav, name).evaluate((a) => getComputedStyle(a).backgroundColor);
  expect(await ground('Services Manager')).toBe(await ground('Customers'));
  expect(await ground('Services, in the Services Manager')).not.toBe(await ground('Customers'));
});

test('where there is no page, the frame stays and leads on', async ({ page, pageProblems }) => {
  pageProblems.allow(/status of 404/);
  await page.goto('/no/such/page');
  await expect(heading(page, 'Page not found')).toBeVisible();
  await expect(link(page, 'Configio')).toBeVisible();
  await signIn(page, carla);
  expect((await page.goto('/account/no/such/page'))?.status()).toBe(404);
  await expect(page.getByRole('button', { name: 'Log out' })).toBeVisible();
  await link(page, 'Go to the home page').click();
  await expect(heading(page, 'Account Settings')).toBeVisible();
  await signInAsAdmin(page);
  expect((await page.goto('/admin/no/such/page'))?.status()).toBe(404);
  await expect(page.getByRole('navigation', { name: 'Console' })).toBeVisible();
});
