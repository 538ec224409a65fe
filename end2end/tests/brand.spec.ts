// The brand: its page, what it refuses and offers instead, and where people see it.
import {
  button,
  expectFieldProblem,
  field,
  fillIn,
  heading,
  link,
  logOut,
  notice,
  signInAsAdmin,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

const brandPath = '/admin/settings/setup/brand';
const preview = 'Preview of a page';

test('a name, a colour and links are previewed, saved, seen and taken back', async ({ page, expectAccessible, pageProblems }) => {
  pageProblems.allow(/status of 422/);
  // Axe speaks to the frame of the preview, which belongs to nobody.
  pageProblems.allow(/Failed to execute 'postMessage'/);
  await signInAsAdmin(page);
  await page.goto('/admin/settings/setup');
  await link(page, 'Open the brand').click();
  await expect(heading(page, 'Brand')).toBeVisible();
  await expectAccessible(page);
  const framed = page.frameLocator(`iframe[title="${preview}"]`);
  await expect(framed.getByText('Configio')).toHaveCount(2);

  // What is wrong is told beside its field, and nothing that was typed is lost.
  await fillIn(page, { Name: 'Acme', 'Accent colour': '#ffcc00', 'Help link': 'javascript:alert(1)' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Accent colour', 'This colour is too light to read on our pages.');
  await expectFieldProblem(page, 'Help link', 'Enter an address that starts with https://');
  await expect(field(page, 'Name')).toHaveValue('Acme');

  // The nearest colour that can be read is taken by one click.
  const take = page.getByRole('button', { name: /^Use #[0-9a-f]{6}$/ });
  const offered = ((await take.textContent()) ?? '').trim().replace('Use ', '');
  await take.click();
  await expect(field(page, 'Accent colour')).toHaveValue(offered);

  await fillIn(page, { 'Help link': 'https://help.example.org/', 'Privacy link': 'mailto:privacy@example.org' });
  await button(page, 'Preview').click();
  await expect(framed.getByText('Acme')).toHaveCount(2);
  await expect(framed.getByText('Help')).toHaveCount(2);
  await expectAccessible(page);
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await page.goto('/admin');
  await expect(page).toHaveTitle(/· Acme$/);
  await expect(link(page, 'Acme')).toBeVisible();
  const accent = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));
  expect(accent.trim()).toBe(offered);
  await expectAccessible(page);

  // Everybody sees it, also before signing in.
  await logOut(page);
  await page.goto('/login');
  await expect(page).toHaveTitle(/· Acme$/);
  const foot = page.getByRole('navigation', { name: 'About this site' });
  await expect(foot.getByRole('link', { name: 'Help' })).toHaveAttribute('href', 'https://help.example.org/');
  await expect(foot.getByRole('link', { name: 'Privacy' })).toHaveAttribute('href', 'mailto:privacy@example.org');
  await expect(foot.getByRole('link', { name: 'Legal notice' })).toHaveCount(0);
  await expectAccessible(page);

  await signInAsAdmin(page);
  await page.goto(brandPath);
  await fillIn(page, { Name: '', 'Accent colour': '', 'Help link': '', 'Privacy link': '' });
  await button(page, 'Save').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await page.goto('/admin');
  await expect(page).toHaveTitle(/· Configio$/);
  await expect(page.locator('link[rel=stylesheet]')).toHaveCount(1);
});

test('what is typed and not saved is discarded', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(brandPath);
  await fillIn(page, { Name: 'Acme' });
  await button(page, 'Preview').click();
  await expect(page.getByText('You have changes here that are not saved.')).toBeVisible();
  await button(page, 'Discard changes').click();
  await expect(field(page, 'Name')).toHaveValue('');
  await expect(page.getByText('You have changes here that are not saved.')).toHaveCount(0);
});

test('the preview follows what is typed', scriptedOnly, async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(brandPath);
  await field(page, 'Name').pressSequentially('Acme');
  await expect(page.frameLocator(`iframe[title="${preview}"]`).getByText('Acme')).toHaveCount(2);
  await expect(field(page, 'Name')).toBeFocused();
});
