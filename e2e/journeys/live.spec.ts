import type { Page } from '@playwright/test';
import { audit } from '../fixtures/a11y';
import { collect, knownBook, knownSchool } from '../fixtures/events';
import { expect, test } from '../fixtures/tenants';
import { ownSchool } from '../fixtures/terms';

const figure = (page: Page) => page.getByRole('group', { name: 'Readers, last 5 minutes' });
const status = (page: Page) => page.getByText(/^As of \d\d:\d\d:\d\d/);

/** The readers of the last five minutes, once they are known. */
async function readers(page: Page): Promise<number> {
  await expect(figure(page)).toContainText(/\d/);
  return Number((await figure(page).innerText()).replace(/.*\n/g, '').replace(/\D/g, ''));
}

/** The readers of a book in the last five minutes. */
async function readersOf(page: Page, book: string): Promise<number> {
  const row = page.getByRole('table', { name: 'Most read books' }).getByRole('row', { name: book });
  return (await row.count()) === 0 ? 0 : Number(await row.getByRole('cell').first().innerText());
}

/** Fifty pupils whom nobody has seen, on a page of a book. */
function fifty(school: string, book: string) {
  return Array.from({ length: 50 }, () => ({ school, book }));
}

test('a school sees its pupils open a book within seconds, and finds the way there from the overview', async ({
  page,
  request,
  signedIn,
}) => {
  await signedIn('school_admin');
  const { site, school } = await ownSchool(page);
  const book = await knownBook(request, 'et', 3);
  await page.getByRole('link', { name: /^\d+ reading now$/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Live' })).toBeVisible();
  await readers(page);
  await collect(request, site, fifty(school, book.code));
  const sent = Date.now();
  await expect.poll(() => readersOf(page, book.name), { timeout: 10_000 }).toBeGreaterThanOrEqual(50);
  expect(Date.now() - sent).toBeLessThan(10_000);
  expect(await readers(page)).toBeGreaterThanOrEqual(50);
  await expect(page.getByRole('img', { name: /^Events in the last five minutes/ })).toBeVisible();
  await audit(page, 'live-school');
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(page.getByRole('table', { name: 'Events in the last five minutes' }).getByRole('row')).toHaveCount(31);
});

test('what moves can be stopped, and goes on from where it is', async ({ page, request, signedIn }) => {
  test.slow();
  await signedIn('owner', '/live');
  await readers(page);
  const pause = page.getByRole('button', { name: 'Pause updates' });
  await pause.click();
  await expect(page.getByText(/· Paused$/)).toBeVisible();
  const frozen = await page.getByRole('main').innerText();
  const [book, school] = [await knownBook(request, 'et', 4), await knownSchool(request, 'ee')];
  await collect(request, 'ee', fifty(school, book.code));
  await page.waitForTimeout(5_000);
  expect(await page.getByRole('main').innerText()).toBe(frozen);
  await audit(page, 'live-paused');
  await pause.click();
  await expect.poll(() => readersOf(page, book.name)).toBeGreaterThanOrEqual(50);
  await expect(page.getByText(/· Paused$/)).toBeHidden();
});

test('a lost network is said at once, and nothing has to be done when it is back', async ({
  page,
  context,
  request,
  signedIn,
}) => {
  test.slow();
  await signedIn('owner', '/live');
  await readers(page);
  await context.setOffline(true);
  await expect(page.getByText(/· Reconnecting…$/)).toBeVisible();
  expect(await readers(page)).toBeGreaterThan(0);
  const [book, school] = [await knownBook(request, 'et', 5), await knownSchool(request, 'ee')];
  await collect(request, 'ee', fifty(school, book.code));
  await audit(page, 'live-reconnecting');
  await context.setOffline(false);
  await expect(status(page)).toHaveText(/^As of \d\d:\d\d:\d\d$/);
  await expect.poll(() => readersOf(page, book.name)).toBeGreaterThanOrEqual(50);
});

test('the owner sees sites, books and schools, and opens one', async ({ page, signedIn }) => {
  await signedIn('owner', '/live');
  for (const name of ['By site', 'Most read books', 'Schools with most readers'])
    await expect(page.getByRole('table', { name })).toBeVisible();
  await audit(page, 'live-owner');
  await page.getByRole('button', { name: 'Pause updates' }).click();
  await page.getByRole('table', { name: 'Most read books' }).getByRole('link').first().click();
  await expect(page).toHaveURL(/\/books\/97/);
});

test('a publisher is told that few readers are left out, and sees a book that many read', async ({
  page,
  request,
  signedIn,
}) => {
  await signedIn('publisher', '/live');
  await expect(page.getByText(/^Numbers of fewer than 10 readers are left out/)).toBeVisible();
  await expect(page.getByRole('table', { name: 'Schools with most readers' })).toBeHidden();
  const own = await page.evaluate(async () => {
    const { items } = await (await fetch(`${location.pathname.replace(/\/live$/, '')}/api/v1/books?limit=1`)).json();
    return items[0] as { code: string; name: string };
  });
  await collect(request, 'ee', fifty(await knownSchool(request, 'ee'), own.code));
  await expect(page.getByRole('table', { name: 'Most read books' })).toContainText(own.name);
  await audit(page, 'live-publisher');
});

test('an official has no present', async ({ page, signedIn }) => {
  await signedIn('official');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Live' })).toBeHidden();
  await page.goto('/live');
  await expect(page.getByRole('alert')).toContainText('not part of your role');
});
