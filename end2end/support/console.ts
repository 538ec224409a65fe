// Fails a test whose pages complained: an error or warning in the console (a failed hydration among them,
// and what the content security policy refused), or an exception that nobody caught.
import { type BrowserContext, type Page, test as base, expect } from '@playwright/test';
import { waitForLife } from './alive';

export class PageProblems {
  private problems: string[] = [];
  private allowed: RegExp[] = [];

  /** For what a test brings about on purpose, e.g. `allow(/status of 429/)`. */
  allow(...patterns: RegExp[]) {
    this.allowed.push(...patterns);
  }

  watch(context: BrowserContext) {
    context.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      this.problems.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (webError) => {
      this.problems.push(`exception: ${webError.error().stack ?? webError.error()}`);
    });
  }

  list(): string[] {
    return this.problems.filter((problem) => !this.allowed.some((pattern) => pattern.test(problem)));
  }
}

type Fixtures = {
  pageProblems: PageProblems;
  /** Opens a page in a browser of its own: other cookies, the same settings, watched as well. */
  otherBrowser: () => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  pageProblems: [
    async ({ context, javaScriptEnabled }, use) => {
      const problems = new PageProblems();
      // Pages preload the WASM, which is of no use where JavaScript is off.
      if (javaScriptEnabled === false) problems.allow(/\.wasm was preloaded using link preload but not used/);
      problems.watch(context);
      await use(problems);
      expect(problems.list(), 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],

  otherBrowser: async ({ browser, baseURL, javaScriptEnabled, pageProblems }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL });
      contexts.push(context);
      pageProblems.watch(context);
      return waitForLife(await context.newPage(), javaScriptEnabled);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
