// Every page, in every state that people may meet: accessible, in light and dark, from phone to desktop,
// quiet in the console (which every test checks) and usable with the keyboard.
import type { Page } from '@playwright/test';
import {
  ada,
  addSecondaryAuth,
  addService,
  allow,
  askForEntryCode,
  button,
  carla,
  deliveriesPath,
  enroll,
  enterCode,
  enterPassword,
  expectCodeScreen,
  field,
  fillIn,
  heading,
  lastCode,
  link,
  logOut,
  managerPath,
  notice,
  openNewSmtpForm,
  otherCode,
  problem,
  row,
  secondaryAuthPath,
  servicesPath,
  signIn,
  signInAsAdmin,
  twoFactorAuthPath,
} from '../support/people';
import { expect, scriptedOnly, test as base } from '../support/test';

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const narrowest = { width: 320, height: 640 };

/** Holds the page, as it is now, to everything that can be seen of it. */
const test = base.extend<{ look: (page: Page) => Promise<void> }>({
  look: async ({ expectAccessible, javaScriptEnabled }, use) => {
    // Sizes and colours do not depend on JavaScript, so the runs with and without it share the four combinations.
    const [onPhone, onDesktop] = javaScriptEnabled === false ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
    await use(async (page) => {
      for (const [size, colorScheme] of [
        [phone, onPhone],
        [desktop, onDesktop],
      ] as const) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expectAccessible(page);
      }
      for (const size of [phone, narrowest]) {
        await page.setViewportSize(size);
        const [needed, there] = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return [scrollWidth, clientWidth];
        });
        expect(needed, `width of ${page.url()} at ${size.width}`).toBeLessThanOrEqual(there);
      }
      await page.setViewportSize(desktop);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page).toHaveTitle(/\S · Configio$/);
    });
  },
});

test.use({ demoPer: 'test' });
test.slow();

test('a visitor’s pages', async ({ page, look, pageProblems }) => {
  pageProblems.allow(/status of 404 .*\/(no|admin|account)/, /status of 410/, /status of 401 .*\/log_in/);
  for (const path of ['/login', '/admin/login', '/login/with-code', '/admin/login/with-code', '/setup/made-up', '/demo/mailbox']) {
    await page.goto(path);
    await look(page);
  }
  const missing = await page.goto('/no/such/page');
  expect(missing?.status()).toBe(404);
  await expect(heading(page, 'Page not found')).toBeVisible();
  await look(page);

  await enterPassword(page, { ...carla, password: 'cobalt-turnip-saddle' });
  await expect(problem(page, /Wrong email or password/)).toBeVisible();
  await look(page);
});

test.describe('with everything set up', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('a customer’s pages', async ({ page, look, pageProblems }) => {
    pageProblems.allow(/status of 422 .*\/api\//);
    await signIn(page, carla);
    await look(page);
    await page.goto('/account/two-factor');
    await look(page);
    await fillIn(page, { 'Email address': 'nonsense' });
    await button(page, 'Send Code').click();
    await expect(problem(page, /./)).toBeVisible();
    await look(page);

    await askForEntryCode(page, carla.email);
    await expectCodeScreen(page);
    await look(page);
    const code = await lastCode(page);
    await enterCode(page, otherCode(code));
    await expect(problem(page, /attempts left/)).toBeVisible();
    await look(page);
    await page.goto('/account/two-factor');
    await expect(link(page, 'Enter the code')).toBeVisible();
    await look(page);
    await link(page, 'Enter the code').click();
    await enterCode(page, code);
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
    await look(page);
    await button(page, 'Create recovery codes').click();
    await expect(heading(page, 'Recovery Codes')).toBeVisible();
    await look(page);
    await button(page, 'I have saved these').click();
    await expect(notice(page, 'Your recovery codes are ready')).toBeVisible();
    await look(page);
    await page.goto('/demo/mailbox');
    await look(page);
  });

  test('the code screen of a sign-in', async ({ page, look, pageProblems }) => {
    pageProblems.allow(/status of 422 .*\/api\/(login|recovery)\//);
    await signIn(page, carla);
    await enroll(page);
    await logOut(page);
    await enterPassword(page, carla);
    await expectCodeScreen(page);
    await look(page);
    await enterCode(page, '123');
    await expect(problem(page, /Check the highlighted fields/)).toBeVisible();
    await look(page);
    await enterCode(page, otherCode(await lastCode(page)));
    await expect(problem(page, /attempts left/)).toBeVisible();
    await look(page);
    await link(page, 'Recovery Codes').click();
    await expect(heading(page, 'Use a recovery code')).toBeVisible();
    await look(page);
    await button(page, 'Verify').click();
    await expect(problem(page, /Check the highlighted fields/)).toBeVisible();
    await look(page);
  });

  test('an administrator’s pages', async ({ page, look, pageProblems }) => {
    pageProblems.allow(/status of (409|422) .*\/api\//);
    await signInAsAdmin(page);
    const forbid = `${managerPath}/forbid/admin/smtp`;
    const allowed = twoFactorAuthPath('Customer Authentication');
    const paths = ['/admin', '/admin/settings/setup', managerPath, allowed, `${allowed}/off`, forbid, servicesPath, secondaryAuthPath, deliveriesPath];
    for (const path of paths) {
      await page.goto(path);
      await look(page);
    }
    await page.goto(servicesPath);
    await button(row(page, 'SMTP'), 'Delete').click();
    await expect(problem(page, /Delete that first/)).toBeVisible();
    await look(page);
    await link(row(page, 'SMTP'), 'Edit').click();
    await expect(heading(page, 'Edit service provider')).toBeVisible();
    await look(page);
    await page.goto(secondaryAuthPath);
    await link(row(page, 'Email'), 'Edit').click();
    await expect(heading(page, 'Edit secondary authentication')).toBeVisible();
    await look(page);
    await fillIn(page, { Title: '' });
    await button(page, 'Save').click();
    await expect(problem(page, /./)).toBeVisible();
    await look(page);

    await page.goto('/admin/profile/security');
    await look(page);
    await button(page, 'Send Code').click();
    await expectCodeScreen(page);
    await look(page);
    await enterCode(page, await lastCode(page));
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
    await look(page);
    await page.goto(secondaryAuthPath);
    await button(row(page, 'Email'), 'Delete').click();
    await expect(heading(page, 'Delete this secondary authentication?')).toBeVisible();
    await look(page);
  });
});

test('an administrator’s pages before anything is set up', async ({ page, look, mailServer, pageProblems }) => {
  pageProblems.allow(/status of (422|502) .*\/api\//, /status of 404 .*\/services\//);
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await expect(page.getByText(/No service providers yet/)).toBeVisible();
  await look(page);
  await page.goto(secondaryAuthPath);
  await look(page);
  await link(page, 'Add New').click();
  await expect(page.getByText(/no service provider to offer yet/)).toBeVisible();
  await look(page);
  await allow(page, 'Customer Authentication');
  await look(page);

  for (const path of ['/new', '/new/provider', '/new/sms', '/new/sms/twilio', '/new/sms/gateway', '/new/sms/smpp', '/new/smtp']) {
    await page.goto(`${servicesPath}${path}`);
    await look(page);
  }
  await fillIn(page, { Title: '', Host: 'mail server', Port: '0', 'From address': 'nobody' });
  await button(page, 'Save').click();
  await expect(problem(page, /./)).toBeVisible();
  await look(page);
  mailServer.behaviour = 'refuse-recipient';
  await openNewSmtpForm(page);
  await fillIn(page, { Host: mailServer.host, Port: String(mailServer.port) });
  await button(page, 'Send Test Message').click();
  await expect(problem(page, /Answer:/)).toBeVisible();
  await look(page);
  mailServer.behaviour = 'accept';
  await button(page, 'Send Test Message').click();
  await expect(notice(page, /Test message/)).toBeVisible();
  await look(page);
  await page.goto(`${servicesPath}/nonsense`);
  await expect(problem(page, /We can't find this/)).toBeVisible();
  await look(page);
});

test('long names do not break the pages', scriptedOnly, async ({ page, look }) => {
  const long = 'Wärmepumpengeschwindigkeitsregler'.repeat(3);
  await signInAsAdmin(page);
  await addService(page, { Title: long, Host: `${'mail.'.repeat(40)}example` });
  await look(page);
  await addSecondaryAuth(page, long, long);
  await look(page);
});

test.describe('on an empty database', () => {
  test.use({ demoArgs: ['serve'] });

  test('the page of the first administrator', async ({ page, demo, look, pageProblems }) => {
    pageProblems.allow(/status of 422 .*\/api\/account\/set_up/);
    const [, path] = await demo.waitForOutput(/http:\/\/127\.0\.0\.1:\d+(\/setup\/\S+)/);
    await page.goto(path);
    await look(page);
    await button(page, 'Create administrator').click();
    await expect(problem(page, /./)).toBeVisible();
    await look(page);
  });
});

test.describe('with the keyboard alone', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('the link to the content comes first, and leads there', async ({ page }) => {
    await signInAsAdmin(page);
    await page.goto(servicesPath);
    await page.keyboard.press('Tab');
    await expect(link(page, 'Skip to content')).toBeFocused();
    await expect(link(page, 'Skip to content')).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/#main$/);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('main').getByRole('link').first()).toBeFocused();
  });

  test('one signs in, enters a code and signs out', async ({ page, javaScriptEnabled }) => {
    await page.goto('/login');
    await expect(field(page, 'Email')).toBeFocused();
    await page.keyboard.type(carla.email);
    await page.keyboard.press('Tab');
    await expect(field(page, 'Password')).toBeFocused();
    await page.keyboard.type(carla.password);
    await page.keyboard.press('Tab');
    await expect(button(page, 'Log in')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(heading(page, 'Account Settings')).toBeVisible();

    await page.goto('/account/two-factor');
    await tabTo(page, 'Send Code');
    await page.keyboard.press('Space');
    await expectCodeScreen(page);
    const code = await lastCode(page);
    await field(page, 'Verification Code').focus();
    await page.keyboard.type(code);
    // With JavaScript the sixth digit sends it.
    if (javaScriptEnabled === false) {
      await page.keyboard.press('Tab');
      await expect(button(page, 'Verify')).toBeFocused();
      await page.keyboard.press('Enter');
    }
    await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();

    await tabTo(page, 'Delete');
    await page.keyboard.press('Enter');
    await expect(heading(page, 'Delete your last sign-in method?')).toBeVisible();
    await tabTo(page, 'Delete');
    await page.keyboard.press('Enter');
    await expect(notice(page, 'Deleted.')).toBeVisible();
    await page.goto('/account');
    await tabTo(page, 'Log out');
    await page.keyboard.press('Enter');
    await expect(button(page, 'Log in')).toBeVisible();
  });

  test('the buttons of every form are reached', async ({ page }) => {
    await signInAsAdmin(page, ada);
    await page.goto(`${servicesPath}/new/smtp`);
    await tabTo(page, 'Save');
    await tabTo(page, 'Send Test Message');
    await page.goto(`${secondaryAuthPath}/new`);
    await tabTo(page, 'Save');
    await page.goto(twoFactorAuthPath('Customer Authentication'));
    const toggle = page.getByRole('switch', { name: 'Allowed' });
    for (let presses = 0; presses < 30 && !(await isFocused(toggle)); presses++) await page.keyboard.press('Tab');
    await expect(toggle).toBeFocused();
    await page.keyboard.press('Space');
    await tabTo(page, 'Turn Off');
    await page.keyboard.press('Enter');
    await expect(toggle).toHaveText('Inactive');
  });
});

test.describe('the content security policy', scriptedOnly, () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('names the scripts of each page anew, and nothing else may run', async ({ page }) => {
    await signIn(page, carla);
    const nonces = new Set<string>();
    for (const path of ['/login', '/account', '/account/two-factor', '/demo/mailbox', '/no/such/page']) {
      const answer = await page.request.get(path);
      const policy = answer.headers()['content-security-policy'];
      const nonce = policy.match(/script-src [^;]*'nonce-([^']+)'/)?.[1] ?? '';
      expect(nonce.length, path).toBeGreaterThanOrEqual(20);
      expect(policy).not.toContain("'unsafe-inline'");
      expect(policy).not.toContain("'unsafe-eval'");
      for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src 'none'"]) {
        expect(policy).toContain(part);
      }
      const html = await answer.text();
      for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) expect(tag, path).toContain(`nonce="${nonce}"`);
      expect(html).not.toMatch(/ on[a-z]+="|javascript:|<style\b| style="/i);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });

  test('what is typed into names stays text', async ({ page, pageProblems }) => {
    pageProblems.allow(/status of 422 .*\/api\//);
    const markup = '<img src=x onerror=alert(1)>"\'&amp;';
    page.on('dialog', () => expect(true, 'a script ran').toBe(false));
    await signInAsAdmin(page);
    await addService(page, { Title: markup });
    await expect(row(page, markup)).toBeVisible();
    await addSecondaryAuth(page, markup, markup);
    await expect(row(page, markup)).toBeVisible();
    await expect(page.getByRole('img')).toHaveCount(0);
  });
});

function isFocused(locator: ReturnType<typeof button>): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement);
}

/** Presses Tab until a button has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const target = button(page, name);
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 40 && !(await isFocused(target)); presses++) await page.keyboard.press('Tab');
  await expect(target).toBeFocused();
}
