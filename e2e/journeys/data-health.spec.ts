import { randomInt } from 'node:crypto';
import type { Page } from '@playwright/test';
import { audit } from '../fixtures/a11y';
import { account } from '../fixtures/demo';
import { collect, knownBook, knownSchool } from '../fixtures/events';
import { expect, signIn, test, type Ask } from '../fixtures/tenants';

const day = 86_400_000;
const quarantine = (page: Page) => page.getByRole('region', { name: 'Quarantine' });
const waiting = (page: Page, reason: string) =>
  quarantine(page).getByRole('table', { name: 'Quarantine' }).getByRole('row').filter({ hasText: reason });

/** How often a book was viewed in Estonia on the day of this moment. */
async function viewsOn(ask: Ask, at: Date, book: string) {
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Tallinn' }).format(at);
  const { totals } = await ask('owner', `metrics=views&from=${date}&to=${date}&filter.book=${book}`);
  return totals.views ?? 0;
}

test('the owner looks at what came too late, and counts it all the same', async ({ page, request, signedIn, ask }) => {
  test.slow();
  // Any other each time, so that what a former run left behind is not counted with it.
  const [book, school] = [await knownBook(request, 'et', randomInt(10, 100)), await knownSchool(request, 'ee')];
  const at = new Date(Date.now() - 45 * day);
  const views = () => viewsOn(ask, at, book.code);
  const before = await views();
  await signedIn('owner', '/data');
  await expect(page.getByRole('table', { name: 'Sites' })).toContainText('Eesti');
  await collect(request, 'ee', [{ at, school, book: book.code }]);
  const row = waiting(page, 'Received too late');
  await expect(row).toContainText('Eesti');
  await expect(page.getByText('Adds up')).toBeVisible();
  await expect(page.getByText(/^Eesti: [\d,]+ sent = .* [1-9]\d* in quarantine/)).toBeVisible();
  await audit(page, 'data-health');

  await page.getByText('The latest: Received too late, Eesti').click();
  const record = page.getByRole('group', { name: 'The record as it is kept' }).first();
  await expect(record).toContainText(book.code);
  // Whose it is was never kept.
  await expect(record).toContainText('pseudonym:');
  await expect(record).not.toContainText('journey-');
  await audit(page, 'data-health-sample');

  await row.getByRole('button', { name: 'Try again' }).click();
  const dialog = page.getByRole('dialog', { name: 'Try again: Received too late, Eesti' });
  await expect(dialog).toContainText(/goe?s? through all steps once more/);
  await audit(page, 'data-health-release');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(quarantine(page).getByRole('status')).toContainText(/tried again\. Loaded: [1-9]/);
  await expect(row).toBeHidden();
  await expect(page.getByText('Adds up')).toBeVisible();
  await expect.poll(views).toBe(before + 1);
});

test('what cannot be mended by trying again waits on, and it is said so', async ({ page, request, signedIn }) => {
  const school = await knownSchool(request, 'fi');
  await signedIn('owner', '/data');
  await collect(request, 'fi', [{ school, book: 'no such book' }]);
  const row = waiting(page, 'Unknown book').filter({ hasText: 'Suomi' });
  await expect(row).toContainText('Import the book or say which one is meant, then try again.');
  await row.getByRole('button').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
  await expect(quarantine(page).getByRole('status')).toContainText(/Loaded: 0; .* waiting on: [1-9]/);
  await expect(row).toBeVisible();
});

test('the owner says what an unknown id means, and what waited for it is counted', async ({
  page,
  request,
  signedIn,
  ask,
}) => {
  test.slow();
  const [book, school] = [await knownBook(request, 'et', randomInt(10, 100)), await knownSchool(request, 'ee')];
  // Another one each time, so that nobody has said yet what it means.
  const given = `old-${randomInt(1_000_000_000)}`;
  const at = new Date(Date.now() - 3 * day);
  const views = () => viewsOn(ask, at, book.code);
  const before = await views();
  await signedIn('owner', '/data');
  await collect(request, 'ee', [1, 2].map(() => ({ at, school, book: given })));
  const unknown = page.getByRole('table', { name: 'Ids that are not known: Unknown book, Eesti' });
  const row = unknown.getByRole('row').filter({ hasText: given });
  await expect(row).toContainText('2');
  await audit(page, 'data-health-unknown');
  await row.getByRole('button').click();
  const dialog = page.getByRole('dialog', { name: `What ${given} means in Eesti` });
  await dialog.getByLabel('Search by name or code').fill(book.code);
  await dialog.getByRole('radio', { name: book.name }).check();
  await audit(page, 'data-health-alias');
  await dialog.getByRole('button', { name: 'Save' }).click();

  const again = page.getByRole('dialog', { name: 'Try again: Unknown book, Eesti' });
  await again.getByRole('button', { name: 'Try again' }).click();
  await expect(quarantine(page).getByRole('status')).toContainText(/tried again\. Loaded: 2/);
  await expect(row).toBeHidden();
  await expect(page.getByText('Adds up')).toBeVisible();
  await expect.poll(views).toBe(before + 2);
  // What comes from now on does not wait.
  await collect(request, 'ee', [{ at, school, book: given }]);
  await expect.poll(views).toBe(before + 3);

  const said = page.getByRole('table', { name: 'What ids mean' }).getByRole('row').filter({ hasText: given });
  await expect(said).toContainText(book.name);
  await audit(page, 'data-health-aliases');
  await said.getByRole('button').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(said).toBeHidden();
});

test('an operator sees all of it and can try nothing again', async ({ page, request }) => {
  const school = await knownSchool(request, 'lt');
  await collect(request, 'lt', [{ school, book: 'no such book' }]);
  const { email, password } = account('operator');
  await page.goto('/');
  await signIn(page, email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'Data health' })).toBeVisible();
  // Names of countries are not part of the role: sites stand by their codes.
  await expect(page.getByRole('row', { name: /^Unknown book .* lt [1-9]/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Try again/ })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Live' })).toBeHidden();
  await expect(page.getByRole('table', { name: 'Logs' })).toContainText('spool:');
  await expect(page.getByRole('table', { name: 'Steps on the way in' })).toContainText('Late arrivals');
  await audit(page, 'data-health-operator');
});

test('it stands still while it is paused', async ({ page, signedIn }) => {
  await signedIn('owner', '/data');
  const asOf = page.getByText(/^As of \d\d:\d\d:\d\d$/);
  const before = await asOf.innerText();
  await expect(asOf).not.toHaveText(before);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  await page.waitForTimeout(1_000);
  const frozen = await asOf.innerText();
  await page.waitForTimeout(7_000);
  expect(await asOf.innerText()).toBe(frozen);
});
