// What only hydration can do: the list follows what is typed.
import { button, configurationPath, field, settingRow, signInAsAdmin } from '../support/people';
import { expect, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });

test('the search filters as one types, and nothing that was typed elsewhere gets lost', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(configurationPath);
  const saves = page.getByRole('button', { name: 'Save', exact: true });
  const search = page.getByRole('searchbox', { name: 'Search' });
  await search.pressSequentially('2fa');
  await expect(saves).toHaveCount(2);
  await field(page, 'Trusted Device Expiration (2FA)').fill('12');
  await search.fill('');
  await expect(saves).toHaveCount(21);
  await expect(field(page, 'Trusted Device Expiration (2FA)')).toHaveValue('12');
  await expect(field(page, 'Trusted Devices per Account')).toHaveValue('20');

  // Saving another row leaves it alone as well, and stays on the page.
  const idle = settingRow(page, 'Idle Timeout');
  await field(page, 'Idle Timeout').fill('30');
  await button(idle, 'Save').click();
  await expect(idle.getByRole('status')).toContainText('Saved.');
  await expect(field(page, 'Trusted Device Expiration (2FA)')).toHaveValue('12');
});
