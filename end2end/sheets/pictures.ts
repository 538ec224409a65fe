// Takes the pictures of the handbook and of the README from the demo: docs/pictures/*.png and docs/screenshot.png.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { waitForLife } from '../support/alive';
import { ada, button, carla, configurationPath, managerPath, secondaryAuthPath, servicesPath } from '../support/people';
import { givePassword } from '../support/shortcuts';
import { withDemo } from './demo';

const docs = resolve(process.argv[2]);
const desktop = { width: 1120, height: 700 };
const phone = { width: 420, height: 760 };

async function take(page: Page, name: string, viewport = desktop): Promise<void> {
  await page.setViewportSize(viewport);
  // No caret that blinks in one picture and not in the next.
  await page.screenshot({ path: join(docs, name), caret: 'hide' });
}

async function ofCustomers(page: Page): Promise<void> {
  await page.setViewportSize(phone);
  await givePassword(page, 'customer', carla);
  await page.goto('/account');
  await take(page, 'pictures/account.png', phone);
  await page.goto('/account/two-factor');
  await take(page, 'pictures/two-factor.png', phone);
  await button(page, 'Send Code').click();
  await page.waitForURL('**/verify');
  await take(page, 'pictures/code.png', phone);
}

async function ofAdministrators(page: Page): Promise<void> {
  await givePassword(page, 'admin', ada);
  for (const [path, name] of [
    ['/admin', 'screenshot.png'],
    [`${configurationPath}?q=2fa`, 'pictures/configuration.png'],
    [`${servicesPath}/new/smtp`, 'pictures/service-provider.png'],
    [`${secondaryAuthPath}/new`, 'pictures/secondary-auth.png'],
    [`${managerPath}/two-factor/customer`, 'pictures/two-factor-auth.png'],
    ['/admin/profile/security', 'pictures/own-second-factor.png'],
  ]) {
    await page.goto(path);
    await take(page, name);
  }
}

async function main(): Promise<void> {
  await mkdir(join(docs, 'pictures'), { recursive: true });
  await withDemo(async (browser, demo) => {
    for (const look of [ofAdministrators, ofCustomers]) {
      const context = await browser.newContext({ baseURL: demo.url, timezoneId: 'UTC', locale: 'en-US', reducedMotion: 'reduce' });
      await look(waitForLife(await context.newPage(), true));
      await context.close();
    }
  });
}

void main();
