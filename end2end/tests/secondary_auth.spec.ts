// Service providers offered as second factors.
import type { Page } from '@playwright/test';
import {
  button,
  carla,
  conrad,
  enterPassword,
  expectCodeScreen,
  expectFieldProblem,
  expectFilledIn,
  field,
  fillIn,
  heading,
  link,
  notice,
  row,
  saveForm,
  secondaryAuthPath,
  servicesPath,
  signIn,
  signInAsAdmin,
} from '../support/people';
import { addEntry, configure, givePassword, offer } from '../support/shortcuts';
import { expect, scriptedOnly, test } from '../support/test';

test.use({ demoPer: 'test' });

/** A mail server in the configuration file. */
const mail = (title: string) => `
[[provider]]
title = "${title}"
kind = "smtp"
host = "mail.people.example"
port = 587
encryption = "starttls"
user_name = ""
from_address = "no-reply@people.example"
from_name = ""
`;

/** The row of what is offered, and not of what was deleted. */
const offered = (page: Page, title: string) => row(page, title).filter({ has: link(page, 'Edit') });

/** What was deleted in the last day. */
const deleted = (page: Page) => page.getByRole('region', { name: 'Deleted in the last day' });

test('without a service there is nothing to offer, and the page leads to adding one', async ({ page }) => {
  await signInAsAdmin(page);
  await page.goto(secondaryAuthPath);
  await expect(page.getByText(/No secondary authentication yet/)).toBeVisible();
  await link(page, 'Add New').click();
  await expect(page.getByText('There is no service provider to offer yet.')).toBeVisible();
  await expect(button(page, 'Save')).toHaveCount(0);
  await link(page, 'Add a service provider first').click();
  await expect(heading(page, 'Add a service provider')).toBeVisible();
});

test('a secondary authentication is added, edited and deleted', async ({ page, demo, pageProblems }) => {
  pageProblems.allow(/status of 422 .*\/api\/secondary_auth\/save/);
  await configure(demo, `${mail('First mail')}${mail('Second mail')}`);
  await signInAsAdmin(page);

  await page.goto(secondaryAuthPath);
  await link(page, 'Add New').click();
  await expect(field(page, 'Service provider').getByRole('option')).toHaveText(['First mail', 'Second mail']);
  await field(page, 'Service provider').selectOption({ label: 'Second mail' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Title', 'Please fill this in.');
  await expect(field(page, 'Service provider').locator('option:checked')).toHaveText('Second mail');
  await fillIn(page, { Title: 'Email' });
  await saveForm(page);
  const entry = page.getByRole('row').filter({ has: page.getByRole('cell', { name: 'Email', exact: true }) });
  await expect(entry).toContainText('Second mail');

  await link(page, 'Add New').click();
  await fillIn(page, { Title: 'Email' });
  await button(page, 'Save').click();
  await expectFieldProblem(page, 'Title', 'This is already in use.');
  await expectFilledIn(page, { Title: 'Email' });

  await page.goto(secondaryAuthPath);
  await link(entry, 'Edit').click();
  await expect(heading(page, 'Edit secondary authentication')).toBeVisible();
  await expect(field(page, 'Service provider').locator('option:checked')).toHaveText('Second mail');
  await field(page, 'Service provider').selectOption({ label: 'First mail' });
  await fillIn(page, { Title: 'By mail' });
  await saveForm(page);
  await expect(row(page, 'By mail')).toContainText('First mail');

  await button(row(page, 'By mail'), 'Delete').click();
  await expect(page.getByText('By mail is deleted. No account uses it.')).toBeVisible();
  await button(page, 'Delete').click();
  await expect(notice(page, 'Deleted.')).toBeVisible();
  await expect(offered(page, 'By mail')).toHaveCount(0);
  await expect(row(page, 'By mail')).toContainText('First mail');

  await button(deleted(page), 'Restore').click();
  await expect(notice(page, 'Restored.')).toBeVisible();
  await expect(offered(page, 'By mail')).toContainText('First mail');
  await expect(deleted(page)).toHaveCount(0);
});

test('a service that is inactive is marked, and not offered for a new one', scriptedOnly, async ({ page, demo }) => {
  await configure(demo, mail('Sleeping'));
  await offer(demo, 'Sleeping', 'Email');
  await signInAsAdmin(page);
  await page.goto(servicesPath);
  await button(row(page, 'Sleeping'), 'Deactivate').click();
  await expect(notice(page, 'Service provider deactivated.')).toBeVisible();
  await page.goto(secondaryAuthPath);
  await expect(row(page, 'Email')).toContainText('Inactive');
  await link(page, 'Add New').click();
  await expect(page.getByText('There is no service provider to offer yet.')).toBeVisible();
});

test.describe('where people use it', () => {
  test.use({ demoArgs: ['demo', '--ready'] });

  test('deleting asks first, and says how many it affects', async ({
    page,
    otherBrowser,
    expectAccessible,
  }) => {
    for (const person of [carla, conrad]) {
      const customer = await otherBrowser();
      await givePassword(customer, 'customer', person);
      await addEntry(customer, 'customer');
    }
    await signInAsAdmin(page);
    await page.goto(secondaryAuthPath);
    const entry = offered(page, 'Email');
    await expect(entry.getByRole('cell', { name: '2', exact: true })).toBeVisible();
    await button(entry, 'Delete').click();
    await expect(heading(page, 'Delete this secondary authentication?')).toBeVisible();
    await expect(page.getByText('2 accounts use Email.')).toBeVisible();
    await link(page, 'Cancel').click();
    await expect(entry).toBeVisible();

    await button(entry, 'Delete').click();
    await button(page, 'Delete').click();
    await expect(notice(page, 'Deleted.')).toBeVisible();
    await expect(entry).toHaveCount(0);
    const customer = await otherBrowser();
    await signIn(customer, carla);
    await link(customer, 'Two-Factor Authentication').click();
    await expect(customer.getByText('Two-factor authentication is not available yet.')).toBeVisible();

    // It was a mistake, or somebody else's doing.
    await expect(row(page, 'Email').getByRole('cell', { name: '2', exact: true })).toBeVisible();
    await expectAccessible(page);
    await button(deleted(page), 'Restore').click();
    await expect(notice(page, 'Restored.')).toBeVisible();
    await expect(entry.getByRole('cell', { name: '2', exact: true })).toBeVisible();
    await enterPassword(customer, carla);
    await expectCodeScreen(customer);
  });
});
