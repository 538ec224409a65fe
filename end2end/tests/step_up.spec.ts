// Confirming that it is you before a factor, the password or the address is changed.
import { createPerson, enter, enterByTrust, halves, scriptedOnlyForAdmins, openEntries, openSecurity } from '../support/halves';
import {
  button,
  deleteLastEntry,
  enterCode,
  expectCodeScreen,
  expectFieldProblem,
  fillIn,
  heading,
  lastCode,
  link,
  otherCode,
  problem,
  row,
} from '../support/people';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });
test.slow();

for (const half of halves) {
  test(`${half.audience}: after a sign-in by a trusted device changes ask for password and code`, scriptedOnlyForAdmins(half), async ({
    page,
    demo,
    pageProblems,
    expectAccessible,
  }) => {
    pageProblems.allow(/status of 422/);
    const person = await createPerson(demo, half, 'step-up');
    await enterByTrust(page, half, person);

    await test.step('the page shows the way instead of its forms', async () => {
      await openEntries(page, half);
      await expect(row(page, '@people.example')).toBeVisible();
      await expect(button(row(page, '@people.example'), 'Delete')).toBeVisible();
      await openSecurity(page, half);
      await expect(button(page, 'Change password')).toHaveCount(0);
      await expectAccessible(page);
      await link(page, 'Confirm that it is you').first().click();
      await expect(heading(page, 'Confirm that it is you')).toBeVisible();
      await expectAccessible(page);
    });

    await test.step('a wrong password does not help', async () => {
      await fillIn(page, { Password: 'not my password' });
      await button(page, 'Confirm').click();
      await expectFieldProblem(page, 'Password', 'Wrong password.');
    });

    await test.step('the password alone is not enough, nor is a wrong code', async () => {
      await fillIn(page, { Password: person.password });
      await button(page, 'Confirm').click();
      await expectCodeScreen(page);
      await expect(button(page, 'Send New Code')).toBeVisible();
      await expectAccessible(page);
      await enterCode(page, otherCode(await lastCode(page)));
      await expect(problem(page, 'That code is not right.')).toBeVisible();
    });

    await test.step('the code leads back, and the entry can be removed', async () => {
      await enterCode(page, await lastCode(page));
      await expect(heading(page, half.title)).toBeVisible();
      await expect(button(page, 'Change password')).toBeVisible();
      await openEntries(page, half);
      await deleteLastEntry(page, row(page, '@people.example'));
    });
  });

  test(`${half.audience}: a confirmation leads nowhere but into the site`, scriptedOnlyForAdmins(half), async ({ page, demo }) => {
    const person = await createPerson(demo, half, 'way-back');
    await enter(page, half, person);
    for (const to of ['https://evil.example/', '//evil.example', `${half.home}/..//evil.example`]) {
      await page.goto(`${half.confirm}?to=${encodeURIComponent(to)}`);
      await fillIn(page, { Password: person.password });
      await button(page, 'Confirm').click();
      await expect(page).toHaveURL(half.home);
    }
  });
}

test('Delete leads to the confirmation and back to its page', async ({ page, demo, pageProblems, javaScriptEnabled }) => {
  pageProblems.allow(/status of 403/);
  const [customers] = halves;
  const person = await createPerson(demo, customers, 'delete');
  await enterByTrust(page, customers, person);
  await page.goto('/account/two-factor');
  await button(row(page, '@people.example'), 'Delete').click();
  await expect(heading(page, 'Confirm that it is you')).toBeVisible();
  await link(page, 'Cancel').click();
  await expect(row(page, '@people.example')).toBeVisible();
  await button(row(page, '@people.example'), 'Delete').click();
  await fillIn(page, { Password: person.password });
  await button(page, 'Confirm').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  // With JavaScript it goes on with what was asked for, which is asked about.
  const next = javaScriptEnabled === false ? 'Two-Factor Authentication' : 'Delete your last sign-in method?';
  await expect(heading(page, next)).toBeVisible();
});

test('within ten minutes of a full sign-in nothing is asked', scriptedOnly, async ({ page, demo }) => {
  const [customers] = halves;
  const person = await createPerson(demo, customers, 'fresh');
  await enter(page, customers, person);
  await page.goto('/account/two-factor');
  await expect(button(page, 'Send Code')).toBeVisible();
  await expect(link(page, 'Confirm that it is you')).toHaveCount(0);
});
