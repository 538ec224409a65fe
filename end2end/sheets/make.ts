// Photographs every page of the demo in four widths, two colour schemes and two languages, and lays the pictures out as a
// contact sheet: target/sheets/index.html, and a PNG for each width.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { waitForLife } from '../support/alive';
import { type Who, asEach, pages } from '../support/pages';
import type { Server } from '../support/server';
import { withDemo } from './demo';

const folder = resolve(process.argv[2]);
const widths = [320, 390, 768, 1280];
const schemes = ['light', 'dark'] as const;
const languages = ['en', 'de'];
const all = Object.values(pages).flat();

const file = (path: string, width: number, scheme: string, language: string) =>
  `pages/${path.replaceAll('/', '_').replace(':', '')}-${width}-${scheme}-${language}.png`;

/** A frame below what the window shows is not painted. */
async function showFrames(page: Page): Promise<void> {
  const size = page.viewportSize();
  if (page.frames().length === 1 || !size) return;
  await page.setViewportSize({ ...size, height: await page.evaluate(() => document.documentElement.scrollHeight) });
}

async function photograph(page: Page, path: string, language: string, open: (path: string) => Promise<unknown>): Promise<void> {
  await open(path);
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 500 ? 720 : 800 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await showFrames(page);
      await page.screenshot({ path: join(folder, file(path, width, colorScheme, language)), fullPage: true });
    }
  }
}

async function everyPage(browser: Browser, demo: Server): Promise<void> {
  for (const language of languages) {
    const context = await browser.newContext({ baseURL: demo.url, timezoneId: 'UTC', locale: 'en-US' });
    const page = waitForLife(await context.newPage(), true);
    await asEach(page, demo, language, async (who: Who, open) => {
      console.log(`${language}: ${pages[who].length} pages of ${who}`);
      for (const path of pages[who]) await photograph(page, path, language, open);
    });
    await context.close();
  }
}

/** The pictures of one width; all four of a page side by side. */
function section(width: number): string {
  const column = (path: string) => {
    const pictures = languages.flatMap((language) =>
      schemes.map((scheme) => {
        const source = file(path, width, scheme, language);
        return `<a href="${source}" title="${language}, ${scheme}"><img src="${source}" alt="${path}, ${language}, ${scheme}" loading="lazy"></a>`;
      }),
    );
    return `<figure><figcaption>${path}</figcaption><div>${pictures.join('')}</div></figure>`;
  };
  return `<section id="w${width}"><h2>${width} px</h2><div class="sheet">${all.map(column).join('')}</div></section>`;
}

const style = `
body { margin: 1rem; background: #777; color: #fff; font: 14px/1.4 sans-serif; }
a { color: inherit; }
.sheet { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; }
figure div { display: flex; gap: 4px; align-items: start; }
img { display: block; width: var(--shown); max-height: 30rem; object-fit: cover; object-position: top; }
${widths.map((width) => `#w${width} { --shown: ${width < 500 ? 160 : 300}px; }`).join('\n')}
`;

const html = (body: string) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Countersign: all pages</title><style>${style}</style>${body}</html>\n`;

async function layOut(browser: Browser): Promise<void> {
  const index = widths.map((width) => `<a href="#w${width}">${width} px</a>`).join(' · ');
  await writeFile(join(folder, 'index.html'), html(`<h1>All pages</h1><p>${index}</p>${widths.map(section).join('')}`));
  const page = await browser.newPage({ viewport: { width: 2800, height: 1200 } });
  for (const width of widths) {
    const one = join(folder, `.${width}.html`);
    await writeFile(one, html(section(width).replaceAll(' loading="lazy"', '')));
    await page.goto(`file://${one}`);
    await page.screenshot({ path: join(folder, `${width}.png`), fullPage: true });
    await rm(one);
  }
}

async function main(): Promise<void> {
  await rm(join(folder, 'pages'), { recursive: true, force: true });
  await mkdir(join(folder, 'pages'), { recursive: true });
  await withDemo(async (browser, demo) => {
    await everyPage(browser, demo);
    await layOut(browser);
  });
}

void main();
