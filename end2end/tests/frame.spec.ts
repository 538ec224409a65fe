// The frame around the pages: the console's navigation, and what is said where there is no page.
import { heading, link, signIn, carla, signInAsAdmin } from '../support/people';
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
