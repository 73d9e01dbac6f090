import { audit } from '../fixtures/a11y';
import { expect, test } from '../fixtures/tenants';

// A range that is over: the demo goes on while the test looks.
const range = 'from=2026-09-01&to=2026-10-31';

test('a school head sees her own numbers, the same as the API and the file', async ({ page, signedIn, ask }) => {
  await signedIn('school_admin', `/?${range}`);
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const { totals } = await ask('school_admin', `metrics=pupils_active,teachers_active,views&${range}`);
  const card = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}\\s*\\d`) });
  const shown = (n: number | undefined) => new Intl.NumberFormat('en').format(n ?? NaN);
  await expect(card('Active pupils')).toContainText(shown(totals.pupils_active));
  await expect(card('Active teachers')).toContainText(shown(totals.teachers_active));
  await expect(card('Views')).toContainText(shown(totals.views));
  expect(totals.views).toBeGreaterThan(0);
  await audit(page, 'school-overview');

  const books = page.getByRole('link', { name: 'CSV: Top books' });
  const href = await books.getAttribute('href');
  const file = await page.evaluate(async (url) => (await fetch(url)).text(), href ?? '');
  const [, code, name] = /^([^,\n]+),"?([^",\n]+)/m.exec(file.split('\n').slice(1).join('\n')) ?? [];
  await page.getByRole('link', { name: name ?? 'no book' }).first().click();
  await expect(page).toHaveURL(new RegExp(`/books/${code}`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name ?? 'no book');
  await audit(page, 'school-book');
});

test('the state of the view is in its address', async ({ page, signedIn }) => {
  await signedIn('school_admin', '/');
  await page.getByLabel('Period', { exact: true }).selectOption({ label: 'Last 90 days' });
  await expect(page).toHaveURL(/period=90d/);
  await page.reload();
  await expect(page.getByLabel('Period', { exact: true })).toHaveValue('90d');
  await page.getByRole('button', { name: /^Views\s*\d/ }).click();
  await expect(page).toHaveURL(/metric=views/);
  await page.getByRole('button', { name: 'Show as table' }).click();
  await expect(page.getByRole('table', { name: /Views/ })).toBeVisible();
});

test('what is not hers does not exist', async ({ page, signedIn }) => {
  await signedIn('school_admin', '/schools/fi:S001');
  await expect(page.getByText('It does not exist, or it is not yours to see.')).toBeVisible();
  await audit(page, 'not-found');
});

test('it works on a small screen', async ({ page, signedIn }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await signedIn('school_admin', `/?${range}`);
  await expect(page.getByRole('button', { name: /^Active pupils/ })).toBeVisible();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  await audit(page, 'school-overview-small');
});
