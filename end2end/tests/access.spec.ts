// What people set in their system or browser: zoom, forced colours, less motion; and what comes out on paper.
import type { Page } from '@playwright/test';
import { signInAsAdmin, twoFactorAuthPath } from '../support/people';
import { asEach, pages } from '../support/pages';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'], demoPer: 'test' });

/** Elements whose text is wider than they are and hidden there, but for names that end in dots on purpose. */
function cutText(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    // A field with more in it than it shows can be moved in.
    [...document.querySelectorAll<HTMLElement>('body :not(input)')]
      .filter((element) => {
        const { overflowX, textOverflow, clipPath } = getComputedStyle(element);
        if (!['hidden', 'clip'].includes(overflowX) || textOverflow === 'ellipsis' || clipPath !== 'none') return false;
        return element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/** What can have the focus and does not show it. The last key has to have been Tab. */
function unseenFocus(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const seen = (element: Element, part?: string) => {
      const { outlineStyle, outlineWidth, outlineColor, backgroundColor } = getComputedStyle(element, part);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && outlineColor !== backgroundColor;
    };
    return [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary')]
      .filter((element) => {
        element.focus();
        return document.activeElement === element && !seen(element) && !seen(element, '::after');
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

test.describe('on every page', scriptedOnly, () => {
  test.slow();

  // 1280 pixels at 200 %, and at 400 %.
  for (const width of [640, 320]) {
    test(`no text is cut where there are ${width} pixels`, async ({ page, demo, pageProblems }) => {
      pageProblems.allow(/status of 404/);
      await page.setViewportSize({ width, height: 400 });
      await asEach(page, demo, 'en', async (who, open) => {
        for (const path of pages[who]) {
          await open(path);
          expect(await cutText(page), `cut on ${path}`).toEqual([]);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          // With 320 pixels `languages.spec.ts` has it, in languages of longer words.
          if (width > 320) expect(wider, `width of ${path}`).toBeLessThanOrEqual(0);
        }
      });
    });
  }

  test('forced colours show what has the focus, and whoever wants less motion gets none', async ({ page, demo, pageProblems }) => {
    pageProblems.allow(/status of 404/);
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await asEach(page, demo, 'en', async (who, open) => {
      for (const path of pages[who]) {
        await open(path);
        await page.keyboard.press('Tab');
        expect(await unseenFocus(page), `focus on ${path}`).toEqual([]);
        expect(await page.evaluate(() => document.getAnimations().length), `moves on ${path}`).toBe(0);
      }
    });
  });

  test('paper has the page without its navigation', async ({ page, demo, pageProblems }) => {
    pageProblems.allow(/status of 404/);
    await page.emulateMedia({ media: 'print' });
    await asEach(page, demo, 'en', async (who, open) => {
      for (const path of pages[who]) {
        await open(path);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        for (const role of ['navigation', 'contentinfo'] as const) {
          for (const part of await page.getByRole(role).all()) await expect(part, `${role} on ${path}`).toBeHidden();
        }
        await expect(page.getByRole('button', { name: 'Log out' })).toHaveCount(0);
      }
    });
  });
});

test('forced colours show how a switch stands', scriptedOnly, async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await signInAsAdmin(page);
  await page.goto(twoFactorAuthPath('Customer Authentication'));
  const toggle = page.getByRole('switch', { name: 'Allowed' });
  const knob = () =>
    toggle.evaluate((element) => {
      const { borderTopWidth, borderTopColor, right } = getComputedStyle(element, '::after');
      const track = getComputedStyle(element, '::before');
      const apart = borderTopColor !== track.backgroundColor && track.borderTopColor !== getComputedStyle(document.body).backgroundColor;
      return { right, seen: Number.parseFloat(borderTopWidth) > 0 && apart };
    });
  const on = await knob();
  await page.goto(twoFactorAuthPath('Admin Authentication'));
  await toggle.click();
  await page.getByRole('button', { name: 'Turn Off' }).click();
  await expect(toggle).toHaveText('Inactive');
  const off = await knob();
  expect([on.seen, off.seen]).toEqual([true, true]);
  expect(off.right).not.toBe(on.right);
});
