// What a first visit to the sign-in page transfers. `make bench` measures the empty page that it is held against.
import { get } from 'node:http';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

/** 1.3 times an empty page of Leptos, which takes 128.6 kB by gzip. */
const MOST = 1.3 * 128_600;

/** The bytes of a body as they are sent to a browser that accepts gzip. */
const weigh = (url: string) =>
  new Promise<number>((done, fail) => {
    const request = get(url, { headers: { Accept: 'text/html', 'Accept-Encoding': 'gzip' } }, (answer) => {
      let size = 0;
      answer.on('data', (part: Buffer) => (size += part.length));
      answer.on('end', () => done(size));
    });
    request.on('error', fail);
  });

test('the sign-in page is light', async ({ page }) => {
  const urls: string[] = [];
  page.on('requestfinished', (request) => urls.push(request.url()));
  await page.goto('/login', { waitUntil: 'networkidle' });
  const needed = urls.filter((url) => /\/login$|\.(wasm|js|css)$/.test(url));
  const sizes = await Promise.all(needed.map(weigh));
  const came = needed.map((url, at) => `${sizes[at]} ${url}`).join('\n');
  for (const kind of [/\/login$/m, /\.wasm$/m, /\.js$/m, /\.css$/m]) expect(came).toMatch(kind);
  expect(sizes.reduce((sum, size) => sum + size, 0), came).toBeLessThan(MOST);
});
