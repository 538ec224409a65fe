// What the mailbox page does only where JavaScript is on.
import { askForEntryCode, carla, expectCodeScreen, signIn } from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('a new message appears without a reload', async ({ page, otherBrowser }) => {
  await page.goto('/demo/mailbox');
  const loads: string[] = [];
  page.on('framenavigated', (frame) => loads.push(frame.url()));
  const customer = await otherBrowser();
  await signIn(customer, carla);
  await askForEntryCode(customer, 'unhurried@people.example');
  await expectCodeScreen(customer);
  await expect(page.getByRole('article').filter({ hasText: 'unhurried@people.example' })).toBeVisible();
  expect(loads).toEqual([]);
});
