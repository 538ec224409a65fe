// The main pages of the demo as Lighthouse's mobile preset sees them: a phone of the middle class on slow 4G, simulated.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { Server } from '../process.mjs';

const document = 'docs/performance.md';
const marks = ['<!-- lighthouse: begin -->', '<!-- lighthouse: end -->'];
const categories = { performance: 'performance', accessibility: 'accessibility', 'best-practices': 'best practices' };

const manager = '/admin/settings/setup/services-manager';
const admin = { audience: 'admin', email: 'admin@demo.example', password: 'walnut-harbour-lantern' };
const customer = { audience: 'customer', email: 'carla@demo.example', password: 'copper-meadow-violin' };

/** What is judged, in an order in which each page can be reached: who has to be there for it, and its address. */
const pages = [
  { name: 'Sign-in', path: '/login', before: () => {} },
  { name: 'Account Settings', path: '/account', before: (site) => site.signIn(customer) },
  { name: 'Two-Factor Authentication', path: '/account/two-factor', before: (site) => site.enroll(customer) },
  { name: 'Verification code', path: '/login/code', before: (site) => site.signIn(customer) },
  { name: 'Dashboard', path: '/admin', before: (site) => site.signIn(admin) },
  { name: 'Services Manager', path: manager },
  { name: 'Configuration', path: '/admin/settings/setup/configuration' },
  { name: 'Audit log', path: '/admin/audit' },
];

/** A browser's cookies, and requests in its name. */
class Site {
  constructor(url, browser) {
    this.url = url;
    this.browser = browser;
  }

  async send(path, form) {
    const cookies = await this.browser.cookies();
    const answer = await fetch(this.url + path, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      await this.browser.setCookie({ name, value, domain: '127.0.0.1', path: '/', httpOnly: true });
    }
    return text;
  }

  signIn(person) {
    return this.send('/api/login/log_in', person);
  }

  /** Sets up the account's own address with the first method. */
  async enroll({ audience, email }) {
    const { choices } = JSON.parse(await this.send('/api/enrollment/overview', { audience }));
    await this.send('/api/enrollment/send_code', { audience, method: choices[0].id, email });
    for (let waited = 0; ; waited += 100) {
      const code = (await this.send('/demo/mailbox/list')).match(/^\s*(\d{6})\s*$/m)?.[1];
      if (code) return this.send('/api/enrollment/verify', { audience, code });
      if (waited > 10_000) throw new Error('no code arrived');
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** What keeps a category below its best. */
const reasons = ({ categories, audits }, id) =>
  categories[id].auditRefs
    .map(({ id: audit, weight }) => ({ weight, audit: audits[audit] }))
    .filter(({ weight, audit }) => weight > 0 && audit.score !== null && audit.score < 0.995)
    .map(({ audit }) => (audit.displayValue ? `${audit.title} (${audit.displayValue})` : audit.title));

async function judge(page, url) {
  const { lhr } = await lighthouse(
    url,
    { onlyCategories: Object.keys(categories), disableStorageReset: true, maxWaitForLoad: 25_000, logLevel: 'error' },
    undefined,
    page,
  );
  if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
  return lhr;
}

const data = mkdtempSync(join(tmpdir(), 'countersign-lighthouse-'));
const log = resolve('target/lighthouse/server.log');
const server = await Server.start(resolve('target/release/countersign'), ['demo', '--ready'], {
  log,
  cwd: data,
  env: { COUNTERSIGN_DATA_DIR: data },
});
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM_PATH,
  headless: process.env.CHROMIUM_PATH.includes('headless-shell') ? 'shell' : true,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const rows = [];
const below = [];
try {
  const site = new Site(server.url, browser);
  for (const { name, path, before } of pages) {
    await before?.(site);
    const page = await browser.newPage();
    const lhr = await judge(page, server.url + path);
    await page.close();
    writeFileSync(`target/lighthouse/${path.replaceAll('/', '_')}.json`, JSON.stringify(lhr, null, 1));
    const scores = Object.keys(categories).map((id) => Math.round(lhr.categories[id].score * 100));
    rows.push(`| ${[name, ...scores].join(' | ')} |`);
    console.log(rows.at(-1));
    for (const id of Object.keys(categories)) {
      for (const reason of reasons(lhr, id)) below.push(`- ${name}, ${categories[id]}: ${reason}`);
    }
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}

const { version } = JSON.parse(readFileSync(new URL('node_modules/lighthouse/package.json', import.meta.url), 'utf8'));
const today = new Date().toISOString().slice(0, 10);
const table = [
  `${today}, Lighthouse ${version}, its mobile preset with simulated throttling, one run of the release build's demo.`,
  '',
  `| page | ${Object.values(categories).join(' | ')} |`,
  '| --- | --- | --- | --- |',
  ...rows,
  '',
  below.length > 0 ? 'What keeps a score below 100, as Lighthouse names it:' : 'Lighthouse names nothing that keeps a score below 100.',
  ...(below.length > 0 ? ['', ...below] : []),
].join('\n');
console.log(`\n${table}`);

const text = readFileSync(document, 'utf8');
const [begin, end] = marks.map((mark) => text.indexOf(mark));
if (begin < 0 || end < begin) throw new Error(`${document} lacks the marks ${marks.join(' and ')}`);
writeFileSync(document, `${text.slice(0, begin + marks[0].length)}\n${table}\n${text.slice(end)}`);
