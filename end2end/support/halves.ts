// The two audiences, where their pages differ only in address and title.
import { type Page, expect } from '@playwright/test';
import { type Person, button, createAccount, heading } from './people';
import { scriptedOnly } from './scripted_only';
import type { Server } from './server';
import { addEntry, endSession, giveCodeToo, givePassword } from './shortcuts';

export const halves = [
  {
    audience: 'customer',
    login: '/login',
    home: '/account',
    confirm: '/account/confirm',
    security: '/account/security',
    title: 'Security',
    // Customers have a page for the entries, and one for name and address; administrators have all on one.
    entries: '/account/two-factor',
    entriesTitle: 'Two-Factor Authentication',
    details: '/account',
    detailsTitle: 'Account Settings',
  },
  {
    audience: 'admin',
    login: '/admin/login',
    home: '/admin',
    confirm: '/admin/profile/confirm',
    security: '/admin/profile/security',
    title: 'User Security',
    entries: '/admin/profile/security',
    entriesTitle: 'User Security',
    details: '/admin/profile/security',
    detailsTitle: 'User Security',
  },
] as const;

export type Half = (typeof halves)[number];

/** For tests of both halves: without JavaScript that of the customers stands for the other one. */
export const scriptedOnlyForAdmins = ({ audience }: Half) => (audience === 'admin' ? scriptedOnly : {});

export async function createPerson(demo: Server, half: Half, name: string): Promise<Person> {
  const person = { email: `${half.audience}-${name}@people.example`, password: 'granite-ribbon-thistle' };
  await createAccount(demo, half.audience, person);
  return person;
}

/** Signs in somebody who is asked for no code. */
export async function enter(page: Page, half: Half, person: Person): Promise<void> {
  await givePassword(page, half.audience, person);
  await page.goto(half.home);
  await expect(button(page, 'Log out')).toBeVisible();
}

/** Signs in somebody who is asked for a code, and trusts the browser where wanted. */
export async function enterWithCode(page: Page, half: Half, person: Person, { trust = false } = {}): Promise<void> {
  await giveCodeToo(page, half.audience, person, { trust });
  await page.goto(half.home);
  await expect(page).toHaveURL(half.home);
}

export async function openSecurity(page: Page, half: Half): Promise<void> {
  await page.goto(half.security);
  await expect(heading(page, half.title)).toBeVisible();
}

export async function openEntries(page: Page, half: Half): Promise<void> {
  await page.goto(half.entries);
  await expect(heading(page, half.entriesTitle)).toBeVisible();
}

export async function openDetails(page: Page, half: Half): Promise<void> {
  await page.goto(half.details);
  await expect(heading(page, half.detailsTitle)).toBeVisible();
}

/** Sets up an entry, and shows it on its page. */
export async function enrollHere(page: Page, half: Half): Promise<void> {
  await addEntry(page, half.audience);
  await openEntries(page, half);
}

/** Enrolls, trusts this browser and signs in by that trust, which counts as no confirmation. */
export async function enterByTrust(page: Page, half: Half, person: Person): Promise<void> {
  await givePassword(page, half.audience, person);
  await addEntry(page, half.audience);
  await endSession(page, half.audience);
  await giveCodeToo(page, half.audience, person, { trust: true });
  await endSession(page, half.audience);
  await enter(page, half, person);
}

/** Signs out of either half. */
export async function leave(page: Page): Promise<void> {
  for (const { audience } of halves) await endSession(page, audience);
}
