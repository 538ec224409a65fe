// Holds a page to the automatic accessibility rules of axe-core: none may be violated.
import { type Page, test as base, expect } from '@playwright/test';
import axe, { type RunOptions } from 'axe-core';

const options: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  // What is fine needs no list, and no style sheet is fetched again.
  resultTypes: ['violations'],
  preload: false,
  // The only frame is a preview of mail, where no script runs.
  iframes: false,
};

async function check(page: Page): Promise<void> {
  // A page that is looked at again has it already.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, options);
    return violations.map(({ id, help, nodes }) => ({ rule: `${id}: ${help}`, where: nodes.map(({ html }) => html) }));
  }, options);
  expect(violations, `accessibility of ${page.url()}`).toEqual([]);
}

/**
 * axe needs timers, which do not run where JavaScript is off. Switching it on does not start the scripts of
 * a page that is already loaded, so the page stays what it was.
 */
async function withScripts(page: Page, work: () => Promise<void>): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const setDisabled = (value: boolean) => devtools.send('Emulation.setScriptExecutionDisabled', { value });
  // This session has to have it off before it can have it on.
  await setDisabled(true);
  await setDisabled(false);
  try {
    await work();
  } finally {
    await setDisabled(true);
  }
}

export const test = base.extend<{ expectAccessible: (page: Page) => Promise<void> }>({
  expectAccessible: async ({ javaScriptEnabled }, use) => {
    await use((page) => (javaScriptEnabled === false ? withScripts(page, () => check(page)) : check(page)));
  },
});
