// Holds a page to the automatic accessibility rules of axe-core: none may be violated.
import AxeBuilder from '@axe-core/playwright';
import { type Page, test as base, expect } from '@playwright/test';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function check(page: Page): Promise<void> {
  // Legacy means: in this page, without a second one for putting frames together. The only frame is a preview of mail.
  const { violations } = await new AxeBuilder({ page }).withTags(rules).setLegacyMode().analyze();
  const readable = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    where: nodes.map((node) => node.html),
  }));
  expect(readable, `accessibility of ${page.url()}`).toEqual([]);
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
