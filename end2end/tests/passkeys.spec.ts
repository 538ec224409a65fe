// What passkeys need, for those whose browsers cannot do it; with JavaScript too, as far as no key is asked for.
import { createPerson, enter, halves, scriptedOnlyForAdmins, openEntries } from '../support/halves';
import { byName } from '../support/keys';
import { button, heading, link, row, servicesPath, signInAsAdmin, types } from '../support/people';
import { addPlain } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({
  demoArgs: ['demo', '--ready'],
  demoPer: 'test',
  baseURL: async ({ demo }, use) => use(byName(demo.url)),
});

test('the form of the service says where passkeys work', scriptedOnly, async ({ page, demo, expectAccessible }) => {
  await addPlain(demo, 'passkey', 'Keys', 'Passkey');
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await link(row(page, 'Keys'), 'Edit').click();
  await expect(page.getByText(`open the site at ${byName(demo.url)}`)).toBeVisible();
  await expectAccessible(page);
});

test.describe('at a host name without https', scriptedOnly, () => {
  test.use({ demoEnv: { COUNTERSIGN_PUBLIC_URL: 'http://countersign.example' } });

  test('the service says what is missing, and people are offered other methods only', async ({ page, demo }) => {
    await addPlain(demo, 'passkey', 'Keys', 'Passkey');
    await signInAsAdmin(page);
    await page.goto(servicesPath);
    await link(row(page, 'Keys'), 'Edit').click();
    await expect(page.getByText("Passkeys don't work here yet")).toBeVisible();

    const [customer] = halves;
    const pat = await createPerson(demo, customer, 'pat');
    await enter(page, customer, pat);
    await openEntries(page, customer);
    await expect(button(page, 'Send Code')).toBeVisible();
    await expect(page.getByText('Passkey')).toHaveCount(0);
  });
});

for (const half of halves) {
  test(`${half.audience}: without JavaScript the page says what is missing`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    javaScriptEnabled,
    expectAccessible,
  }) => {
    await addPlain(demo, 'passkey', 'Keys', 'Passkey');
    const pat = await createPerson(demo, half, 'pat');
    await enter(page, half, pat);
    await openEntries(page, half);
    await types(page).getByRole('radio', { name: 'Passkey', exact: true }).check();
    await button(page, 'Continue').click();
    await expect(heading(page, 'Register a passkey')).toBeVisible();
    await expectAccessible(page);
    if (javaScriptEnabled === false) {
      await expect(page.getByText('Passkeys need JavaScript.')).toBeVisible();
      await expect(button(page, 'Register passkey')).toBeDisabled();
    } else {
      await expect(button(page, 'Register passkey')).toBeEnabled();
      await expect(page.getByText('Passkeys need JavaScript.')).toHaveCount(0);
    }
    // The way to another method.
    await link(page, 'Use another method').click();
    await expect(types(page)).toBeVisible();
  });
}
