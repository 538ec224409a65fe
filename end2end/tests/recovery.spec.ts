// Recovery codes: made after the first entry, shown once, kept, and used when there is no other way in.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { type Half, createPerson, enrollHere, enterWithCode, halves, leave, scriptedOnlyForAdmins, openEntries } from '../support/halves';
import {
  button,
  deleteLastEntry,
  enterCode,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectMail,
  fillIn,
  heading,
  lastCode,
  link,
  notice,
  type Person,
  problem,
} from '../support/people';
import { givePassword, giveRecoveryCode } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoArgs: ['demo', '--ready'] });
test.slow();

const section = (page: Page) => page.getByRole('region', { name: 'Recovery Codes' });

/** The codes that stand on the page. */
async function codesOn(page: Page): Promise<string[]> {
  const codes = page.getByRole('region', { name: 'Your new recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  return codes.allInnerTexts();
}

async function makeCodes(page: Page, half: Half, name = 'Create recovery codes'): Promise<string[]> {
  await openEntries(page, half);
  await button(section(page), name).click();
  return codesOn(page);
}

/** Gives the password and opens the page for a recovery code. */
async function askForRecovery(page: Page, half: Half, person: Person): Promise<void> {
  await enterPassword(page, person, half.login);
  await expectCodeScreen(page);
  await link(page, 'Recovery Codes').click();
  await expect(heading(page, 'Use a recovery code')).toBeVisible();
}

async function enterRecovery(page: Page, code: string): Promise<void> {
  await fillIn(page, { 'Recovery code': code });
  await button(page, 'Verify').click();
}

for (const half of halves) {
  test.describe(half.audience, scriptedOnlyForAdmins(half), () => {
    test('codes are offered with the first entry, shown once and kept', async ({ page, demo, expectAccessible }) => {
      const person = await createPerson(demo, half, 'keeps-codes');
      await givePassword(page, half.audience, person);
      await openEntries(page, half);
      await expect(section(page)).toHaveCount(0);
      await enrollHere(page, half);
      await expect(section(page)).toContainText('You have no recovery codes.');
      await expectAccessible(page);

      await button(section(page), 'Create recovery codes').click();
      await expect(heading(page, 'Recovery Codes')).toBeVisible();
      const codes = await codesOn(page);
      for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(new Set(codes).size).toBe(10);
      await expectAccessible(page);

      await test.step('Download is a text file with all of them, and without the name of the account', async () => {
        const file = page.waitForEvent('download');
        await link(page, 'Download').click();
        const download = await file;
        expect(download.suggestedFilename()).toBe('recovery-codes.txt');
        const text = await readFile(await download.path(), 'utf8');
        for (const code of codes) expect(text).toContain(code);
        expect(text).not.toContain(person.email);
      });

      await button(page, 'I have saved these').click();
      await expect(notice(page, 'Your recovery codes are ready')).toBeVisible();
      await expect(section(page)).toContainText('You have 10 of 10 codes left.');
      await expectMail(page, person.email, 'New recovery codes were created');

      await test.step('neither a reload nor coming back shows them again', async () => {
        await button(section(page), 'Create new recovery codes').click();
        const [fresh = ''] = await codesOn(page);
        await page.reload();
        await expect(page.getByText('You have 10 of 10 codes left.')).toBeVisible();
        await expect(page.getByText(fresh)).toHaveCount(0);
        await button(page, 'Create new recovery codes').click();
        await expect(codesOn(page)).resolves.not.toContain(fresh);
        await page.goBack();
        await page.goForward();
        await expect(heading(page, 'Recovery Codes')).toBeVisible();
        await expect(page.getByText(fresh)).toHaveCount(0);
      });
    });

    test('a code signs in once, however it is typed, and a new set voids the old one', async ({
      page,
      demo,
      pageProblems,
      expectAccessible,
    }) => {
      pageProblems.allow(/status of 422/);
      const person = await createPerson(demo, half, 'uses-codes');
      await givePassword(page, half.audience, person);
      await enrollHere(page, half);
      const [old = ''] = await makeCodes(page, half);
      const [first = '', second = ''] = await makeCodes(page, half, 'Create new recovery codes');
      await leave(page);

      await askForRecovery(page, half, person);
      await expectAccessible(page);
      await enterRecovery(page, '12345');
      await expectFieldProblem(page, 'Recovery code', '16 letters and digits');
      await enterRecovery(page, old);
      await expect(problem(page, 'That is not one of your recovery codes.')).toBeVisible();
      await enterRecovery(page, ` ${first.toLowerCase().replaceAll('-', ' ')} `);
      await expect(page).toHaveURL(half.home);
      await expectMail(page, person.email, 'You have 9 recovery codes left.');
      await openEntries(page, half);
      await expect(section(page)).toContainText('You have 9 of 10 codes left.');
      await leave(page);

      await askForRecovery(page, half, person);
      await enterRecovery(page, first);
      await expect(problem(page, 'This recovery code has already been used.')).toBeVisible();
      await link(page, 'Back to the code').click();
      await expectCodeScreen(page);
      await link(page, 'Use another method').click();
      await expect(heading(page, 'Choose a method')).toBeVisible();
      await link(page, 'Recovery Codes').click();
      await enterRecovery(page, second);
      await expect(page).toHaveURL(half.home);
    });

    test('a code confirms that it is you', async ({ page, demo }) => {
      const person = await createPerson(demo, half, 'confirms');
      await givePassword(page, half.audience, person);
      await enrollHere(page, half);
      const [code = ''] = await makeCodes(page, half);
      await leave(page);
      await enterWithCode(page, half, person, { trust: true });
      await leave(page);
      // By its trusted device, which counts as no confirmation.
      await givePassword(page, half.audience, person);
      await openEntries(page, half);
      await link(page, 'Confirm that it is you').first().click();
      await fillIn(page, { Password: person.password });
      await button(page, 'Confirm').click();
      await expectCodeScreen(page);
      await link(page, 'Recovery Codes').click();
      await expect(heading(page, 'Use a recovery code')).toBeVisible();
      await enterRecovery(page, code);
      await expect(heading(page, half.entriesTitle)).toBeVisible();
      await expect(button(section(page), 'Create new recovery codes')).toBeVisible();
    });
  });
}

test('three codes left are told after the sign-in and where they are made', scriptedOnly, async ({ page, demo, expectAccessible }) => {
  const [half] = halves;
  const person = await createPerson(demo, half, 'few-codes');
  await givePassword(page, half.audience, person);
  await enrollHere(page, half);
  const codes = await makeCodes(page, half);
  for (const code of codes.slice(0, 6)) await giveRecoveryCode(page, half.audience, person, code);
  await page.goto(half.home);
  await expect(button(page, 'Log out')).toBeVisible();
  await expect(page.getByText('recovery codes left')).toHaveCount(0);
  await leave(page);
  await askForRecovery(page, half, person);
  await enterRecovery(page, codes[6]);
  await expect(page).toHaveURL(half.home);
  await expect(page.getByText('You have 3 recovery codes left.')).toBeVisible();
  await expectAccessible(page);
  await link(page, 'Recovery Codes').click();
  await expect(heading(page, 'Recovery Codes')).toBeVisible();
  await expect(page.getByText('You have 3 recovery codes left.')).toBeVisible();
  await openEntries(page, half);
  await expect(section(page)).toContainText('You have 3 recovery codes left.');
});

test('they go with the last entry', scriptedOnly, async ({ page, demo }) => {
  const [half] = halves;
  const person = await createPerson(demo, half, 'last-entry');
  await givePassword(page, half.audience, person);
  await enrollHere(page, half);
  await makeCodes(page, half);
  await openEntries(page, half);
  const entries = page.getByRole('region', { name: 'Secondary Authentication Entries' });
  await button(entries, 'Delete').click();
  await expect(page.getByText(/^Email \(.*@people\.example\) is the only method/)).toBeVisible();
  await expect(page.getByText('Your recovery codes are deleted too.')).toBeVisible();
  await link(page, 'Cancel').click();
  await deleteLastEntry(page, entries);
  await expect(section(page)).toHaveCount(0);
  // Another mailbox, as the same one has the pause of Send New Code.
  await fillIn(page, { 'Email address': 'last-entry@elsewhere.example' });
  await button(page, 'Send Code').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
  await expect(section(page)).toContainText('You have no recovery codes.');
});
