// How much each channel protects is shown, a weak one can be forbidden to an audience, and a stronger one is suggested.
import type { Page } from '@playwright/test';
import { createPerson, enrollHere, halves, leave, scriptedOnlyForAdmins, openEntries } from '../support/halves';
import {
  ada,
  button,
  enterPassword,
  expectCodeScreen,
  heading,
  link,
  notice,
  problem,
  row,
  secondaryAuthPath,
  servicesPath,
  signInAsAdmin,
  twoFactorAuthPath,
} from '../support/people';
import { addPlain, configure, givePassword } from '../support/shortcuts';
import type { Server } from '../support/server';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'], demoPer: 'test' });
test.slow();

const sections = { customer: 'Customer Channels', admin: 'Admin Channels' } as const;
const policies = { customer: 'Customer Authentication', admin: 'Admin Authentication' } as const;

/** Registers authenticator apps and offers them as "App". */
const offerApps = (demo: Server) => addPlain(demo, 'authenticator', 'Apps', 'App');

function channel(page: Page, section: string, name: string) {
  return page.getByRole('region', { name: section }).getByRole('switch', { name, exact: true });
}

test('administrators see it where services are added and offered', scriptedOnly, async ({ page, demo, expectAccessible }) => {
  await signInAsAdmin(page);
  await page.goto(`${servicesPath}/new/provider`);
  await expect(page.getByRole('listitem').filter({ hasText: 'SMTP' })).toContainText('Weaker');
  await expect(page.getByRole('listitem').filter({ hasText: 'Authenticator app' })).toContainText('Stronger');
  await expectAccessible(page);
  await offerApps(demo);
  await page.goto(secondaryAuthPath);
  await expect(row(page, 'Email')).toContainText('Weaker');
  await expect(row(page, 'Apps')).toContainText('Stronger');
  await expectAccessible(page);
});

for (const half of halves) {
  test(`${half.audience}: it is shown with each choice and entry, and a stronger one is suggested`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    expectAccessible,
  }) => {
    const person = await createPerson(demo, half, 'weak');
    await givePassword(page, half.audience, person);
    await openEntries(page, half);
    await expect(page.getByRole('region', { name: 'Add a sign-in method' })).toContainText('Weaker');
    await enrollHere(page, half);
    await expect(row(page, '@people.example')).toContainText('Weaker');
    const suggestion = page.getByRole('region', { name: 'A stronger sign-in method is available' });
    await page.goto(half.home);
    await expect(suggestion).toHaveCount(0);

    await offerApps(demo);
    await page.goto(half.home);
    await expect(suggestion).toContainText('Authenticator app');
    await expectAccessible(page);
    await link(suggestion, 'Add it').click();
    await expect(page.getByRole('region', { name: 'Add a sign-in method' })).toContainText('Stronger');
    await page.goto(half.home);
    await button(suggestion, "Don't suggest this again").click();
    await expect(suggestion).toHaveCount(0);
    await page.reload();
    await expect(button(page, 'Log out')).toBeVisible();
    await expect(suggestion).toHaveCount(0);
  });

  test(`${half.audience}: a forbidden channel is not offered and does not count`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    otherBrowser,
    expectAccessible,
  }) => {
    const section = sections[half.audience];
    const person = await createPerson(demo, half, 'forbidden');
    await givePassword(page, half.audience, person);
    await enrollHere(page, half);
    await leave(page);

    const admin = await otherBrowser();
    await signInAsAdmin(admin);
    await admin.goto(twoFactorAuthPath(policies[half.audience]));
    await expect(channel(admin, section, 'SMTP')).toHaveText('Permitted');
    await expectAccessible(admin);
    await channel(admin, section, 'SMTP').click();
    await expect(heading(admin, /^Block email codes for (customers|administrators)\?$/)).toBeVisible();
    await expect(admin.getByText('1 account uses this method. 1 of them has no other working method.')).toBeVisible();
    await expectAccessible(admin);
    await link(admin, 'Cancel').click();
    await expect(channel(admin, section, 'SMTP')).toHaveText('Permitted');
    await channel(admin, section, 'SMTP').click();
    await button(admin, 'Block').click();
    await expect(notice(admin, 'SMTP can no longer be used.')).toBeVisible();
    await expect(channel(admin, section, 'SMTP')).toHaveText('Blocked');

    await enterPassword(page, person, half.login);
    if (half.audience === 'customer') {
      await expect(page).toHaveURL(half.home);
      await openEntries(page, half);
      await expect(row(page, '@people.example')).toContainText('Unavailable');
      await expect(button(page, 'Send Code')).toHaveCount(0);
    } else {
      await expect(problem(page, /We can't send you a code right now/)).toBeVisible();
    }
    await leave(page);

    await button(admin, 'Undo').click();
    await expect(channel(admin, section, 'SMTP')).toHaveText('Permitted');
    await enterPassword(page, person, half.login);
    await expectCodeScreen(page);
  });
}

test('the last channel of administrators stays while they must use one', scriptedOnly, async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 409/);
  await signInAsAdmin(page, ada);
  await enrollHere(page, halves[1]);
  await configure(demo, '[configuration]\nrequire_admin_two_factor = true\n');
  await page.goto(twoFactorAuthPath('Admin Authentication'));
  await channel(page, sections.admin, 'SMTP').click();
  await expect(problem(page, 'this would lock out')).toBeVisible();
  await page.goto(twoFactorAuthPath('Admin Authentication'));
  await expect(channel(page, sections.admin, 'SMTP')).toHaveText('Permitted');
  // What nobody uses, and what is not the last one, is forbidden without a question.
  await channel(page, sections.admin, 'Text message').click();
  await expect(channel(page, sections.admin, 'Text message')).toHaveText('Blocked');
});
