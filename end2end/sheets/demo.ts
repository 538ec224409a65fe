// The demo with everything set up, and a browser to photograph it.
import { type Browser, chromium } from '@playwright/test';
import { Server } from '../support/server';

/** Starts both for some work, and ends them whatever comes of it. */
export async function withDemo(work: (browser: Browser, demo: Server) => Promise<void>): Promise<void> {
  const demo = await Server.start({ args: ['demo', '--ready'], env: {} });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await work(browser, demo);
  } finally {
    await browser.close();
    await demo.stop();
  }
}
