// The two halves of the house, where their pages differ only in address and title.
import { type Page, expect } from '@playwright/test';
import {
  type Person,
  button,
  createAccount,
  enterCode,
  enterPassword,
  expectCodeScreen,
  heading,
  lastCode,
  notice,
} from './people';
import type { Server } from './server';

export const halves = [
  {
    audience: 'customer',
    login: '/login',
    home: '/account',
    confirm: '/account/confirm',
    security: '/account/security',
    title: 'Security',
  },
  {
    audience: 'admin',
    login: '/admin/login',
    home: '/admin',
    confirm: '/admin/profile/confirm',
    security: '/admin/profile/security',
    title: 'User Security',
  },
] as const;

export type Half = (typeof halves)[number];

export async function createPerson(demo: Server, half: Half, name: string): Promise<Person> {
  const person = { email: `${half.audience}-${name}@people.example`, password: 'granite-ribbon-thistle' };
  await createAccount(demo, half.audience, person);
  return person;
}

/** Signs in somebody who is asked for no code. */
export async function enter(page: Page, half: Half, person: Person): Promise<void> {
  await enterPassword(page, person, half.login);
  await expect(button(page, 'Log out')).toBeVisible();
}

/** Signs in somebody who is asked for a code, and ticks the box where wanted. */
export async function enterWithCode(page: Page, half: Half, person: Person, { trust = false } = {}): Promise<void> {
  await enterPassword(page, person, half.login);
  await expectCodeScreen(page);
  if (trust) await page.getByRole('checkbox', { name: 'Trust this device' }).check();
  await enterCode(page, await lastCode(page));
  await expect(page).toHaveURL(half.home);
}

export async function openSecurity(page: Page, half: Half): Promise<void> {
  await page.goto(half.security);
  await expect(heading(page, half.title)).toBeVisible();
}

/** Sets up an entry on the security page. */
export async function enrollHere(page: Page, half: Half): Promise<void> {
  await openSecurity(page, half);
  await button(page, 'Send Code').click();
  await expectCodeScreen(page);
  await enterCode(page, await lastCode(page));
  await expect(notice(page, 'Two-factor authentication is set up.')).toBeVisible();
}

/** Enrolls, trusts this browser and signs in by that trust, which counts as no confirmation. */
export async function enterByTrust(page: Page, half: Half, person: Person): Promise<void> {
  await enter(page, half, person);
  await enrollHere(page, half);
  await leave(page);
  await enterWithCode(page, half, person, { trust: true });
  await leave(page);
  await enter(page, half, person);
}

export async function leave(page: Page): Promise<void> {
  await button(page, 'Log out').click();
  await expect(button(page, 'Log in')).toBeVisible();
}
