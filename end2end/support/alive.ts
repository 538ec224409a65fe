// Where JavaScript is on, a page counts as loaded once it has come alive, so that tests exercise the living
// page and not, now and then, the plain one that is there a moment earlier.
import { type Page, test as base } from '@playwright/test';

const alive = () => {
  const comesAlive = document.querySelector('link[rel=modulepreload]') !== null;
  return !comesAlive || document.documentElement.hasAttribute('data-alive');
};

export function waitForLife(page: Page, javaScriptEnabled: boolean | undefined): Page {
  if (javaScriptEnabled === false) return page;
  const { goto, reload } = page;
  page.goto = async (...args) => {
    const response = await goto.apply(page, args);
    await page.waitForFunction(alive);
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload.apply(page, args);
    await page.waitForFunction(alive);
    return response;
  };
  return page;
}

export const test = base.extend({
  page: async ({ page, javaScriptEnabled }, use) => use(waitForLife(page, javaScriptEnabled)),
});
