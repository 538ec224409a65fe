// Languages: the switch, pages and messages in another one, and that none makes a page too wide for a small phone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { codeIn, messages } from '../support/mailbox';
import { asEach, pages } from '../support/pages';
import { button, createCustomer, enrolledCustomer, field, fillIn, heading, signInAsAdmin } from '../support/people';
import { chooseLanguage, givePassword } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';
import { written } from '../support/times';

type Language = 'en' | 'de' | 'ar';
type Texts = Record<string, Record<string, string>>;

const folder = join(__dirname, '../../app/locales');
const texts = Object.fromEntries(
  (['en', 'de', 'ar'] as const).map((name) => [name, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))]),
) as Record<Language, Texts>;
const direction = (language: Language) => (language === 'ar' ? 'rtl' : 'ltr');

async function expectLanguage(page: Page, language: Language): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('lang', language);
  await expect(page.locator('html')).toHaveAttribute('dir', direction(language));
}

/** Chooses a language at the foot of a page that is in another one. */
async function choose(page: Page, from: Language, name: string): Promise<void> {
  const { language, change_language } = texts[from].frame;
  await page.getByRole('contentinfo').getByRole('combobox', { name: language }).selectOption({ label: name });
  await button(page, change_language).click();
}

test.use({ demoArgs: ['demo', '--ready'] });

test('a visitor chooses a language, and the browser keeps it', async ({ page }) => {
  await page.goto('/login');
  await expectLanguage(page, 'en');
  await choose(page, 'en', 'Deutsch');
  await expectLanguage(page, 'de');
  await expect(page).toHaveURL(/\/login\??$/);
  await expect(heading(page, texts.de.login.title_customer)).toBeVisible();
  await page.goto('/login/forgot');
  await expectLanguage(page, 'de');
  await choose(page, 'de', 'العربية');
  await expectLanguage(page, 'ar');
  await page.goto('/admin/login');
  await expect(heading(page, texts.ar.login.title_admin)).toBeVisible();
  await choose(page, 'ar', 'English');
  await expectLanguage(page, 'en');
});

test('times are written as the language does, alike by the server and by the browser', async ({ page }) => {
  await signInAsAdmin(page);
  for (const language of ['de', 'es', 'fr', 'pt', 'ja', 'ar', 'en']) {
    await chooseLanguage(page, language, 'admin');
    // Without JavaScript these are the words of the server, with it those of the browser, whose clock is in UTC.
    for (const path of ['/admin/settings/setup/users', '/admin/audit']) {
      await page.goto(path);
      const time = page.getByRole('table').getByRole('time').first();
      const at = (await time.getAttribute('datetime')) ?? '';
      await expect(time).toHaveText(written(at, language));
      await expect(time).toHaveAttribute('title', `${written(at, language)} UTC`);
    }
  }
});

test('an account keeps its language in every browser', async ({ page, demo, otherBrowser }) => {
  const person = await createCustomer(demo, 'polyglot');
  await givePassword(page, 'customer', person);
  await page.goto('/account');
  await choose(page, 'en', 'العربية');
  await expectLanguage(page, 'ar');
  await expect(heading(page, texts.ar.account.title)).toBeVisible();
  const other = await otherBrowser();
  await other.goto('/login');
  await expectLanguage(other, 'en');
  await fillIn(other, { Email: person.email, Password: person.password });
  await button(other, 'Log in').click();
  await expect(heading(other, texts.ar.account.title)).toBeVisible();
  await expectLanguage(other, 'ar');
});

test('a wrong password, the code and its message are in the language that was chosen', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 401 .*\/log_in/);
  const person = await enrolledCustomer(page, demo, 'german');
  const { login, challenge, refusal, account } = texts.de;
  await page.goto('/login');
  await choose(page, 'en', 'Deutsch');
  await fillIn(page, { [login.email]: person.email, [login.password]: 'cobalt-turnip-saddle' });
  await button(page, login.log_in).click();
  await expect(page.getByRole('alert').filter({ hasText: refusal.wrong_login })).toBeVisible();
  await fillIn(page, { [login.email]: person.email, [login.password]: person.password });
  await button(page, login.log_in).click();
  await expect(heading(page, challenge.title)).toBeVisible();
  const [mail] = (await messages(page)).filter(({ to }) => to === person.email);
  const code = codeIn(mail.text);
  // Without the values, what stands before the first of them.
  const words = texts.de.message.reference.split('{{')[0].trim();
  expect(mail.text).toContain(words);
  expect(mail.subject).toContain(code);
  await field(page, challenge.code).fill(code);
  await button(page, challenge.verify).click();
  await expect(heading(page, account.title)).toBeVisible();
  await expectLanguage(page, 'de');
});

test.describe('on a small phone', () => {
  test.use({ viewport: { width: 320, height: 640 }, demoPer: 'test' });
  test.slow();

  for (const language of ['de', 'ar'] as const) {
    test(`no page is too wide in ${language}`, async ({ page, demo, pageProblems }) => {
      pageProblems.allow(/status of 404/);
      await asEach(page, demo, language, async (who, open) => {
        for (const path of pages[who]) {
          await open(path);
          await expectLanguage(page, language);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          const [needed, there] = await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return [scrollWidth, clientWidth];
          });
          expect(needed, `width of ${path}`).toBeLessThanOrEqual(there);
        }
      });
    });
  }

  test('from right to left, the menu is on the left and a code is written from the left', scriptedOnly, async ({ page, demo }) => {
    const person = await enrolledCustomer(page, demo, 'mirrored');
    await chooseLanguage(page, 'ar');
    await givePassword(page, 'customer', person);
    await page.goto('/login/code');
    const code = field(page, texts.ar.challenge.code);
    await expect(code).toHaveCSS('direction', 'ltr');
    await page.goto('/login');
    await expect(page.locator('body')).toHaveCSS('direction', 'rtl');
  });

  test('from right to left, dates are in the order of the language', scriptedOnly, async ({ page, demo }) => {
    await chooseLanguage(page, 'ar');
    await givePassword(page, 'customer', await createCustomer(demo, 'dated'));
    await page.goto('/account/security');
    await expect(page.locator('time').first()).toHaveCSS('direction', 'rtl');
  });
});
