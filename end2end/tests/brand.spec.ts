// The brand: its page, what it refuses and offers instead, and where people see it.
import { deflateSync, crc32 } from 'node:zlib';
import {
  button,
  createCustomer,
  expectFieldProblem,
  field,
  fillIn,
  heading,
  link,
  logOut,
  mailTo,
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

/** A PNG of one colour. */
function png(width: number, height: number): Buffer {
  const chunk = (kind: string, contents: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), contents]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(contents.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.alloc(1 + 3 * width, 0x80);
  row[0] = 0;
  const rows = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

test('a logo and an icon are uploaded, seen and removed, and what is no picture is refused', async ({ page, demo, expectAccessible, pageProblems }) => {
  // A mail's own document has no icon, and may not load one.
  pageProblems.allow(/favicon/);
  // Axe speaks to the frames of the preview, which belong to nobody.
  pageProblems.allow(/Failed to execute 'postMessage'/);
  await signInAsAdmin(page);
  await page.goto(brandPath);
  const [light, icon] = ['Logo for light screens', 'Icon in browser tabs'].map((label) => page.getByLabel(label, { exact: true }));
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  await light.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: svg });
  await button(page, 'Upload: Logo for light screens').click();
  await expectFieldProblem(page, 'Logo for light screens', "SVG can't be used.");
  await expectAccessible(page);
  // Larger than any request may be.
  await light.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: Buffer.alloc(100_000) });
  await button(page, 'Upload: Logo for light screens').click();
  await expectFieldProblem(page, 'Logo for light screens', "SVG can't be used.");

  await light.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png(160, 40) });
  await button(page, 'Upload: Logo for light screens').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  await icon.setInputFiles({ name: 'icon.png', mimeType: 'image/png', buffer: png(64, 64) });
  await button(page, 'Upload: Icon in browser tabs').click();
  await expect(notice(page, 'Saved.')).toBeVisible();
  const logo = page.getByRole('banner').getByRole('img', { name: 'Configio' });
  await expect(logo).toBeVisible();
  // Drawn, and not only named.
  await expect.poll(() => logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(160);
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /^\/brand\/[A-Za-z0-9]+\.png$/);
  await expectAccessible(page);

  // Messages carry it with them, which the preview shows, and so do those that are sent.
  const carried = /^data:image\/png;base64,/;
  await expect(page.frameLocator('iframe[title="Preview of an email"]').locator('img')).toHaveAttribute('src', carried);
  const person = await createCustomer(demo, 'branded');
  await page.request.post('/api/password/ask_reset', { form: { audience: 'customer', email: person.email } });
  await mailTo(page, person.email, 'password');
  await page.goto('/demo/mailbox');
  await page.getByRole('article').filter({ hasText: person.email }).first().getByRole('link').click();
  await expect(page.locator('img')).toHaveAttribute('src', carried);
  await expect(page.locator('img')).toHaveAttribute('width', '160');
  await page.goto(brandPath);

  await button(page, 'Remove: Logo for light screens').click();
  await expect(logo).toHaveCount(0);
  await button(page, 'Remove: Icon in browser tabs').click();
  await expect(button(page, 'Remove: Icon in browser tabs')).toHaveCount(0);
  await page.goto('/admin');
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon.svg');
});
