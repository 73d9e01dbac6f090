import { audit } from '../fixtures/a11y';
import { octavo } from '../fixtures/demo';
import { asked, card, cardsSay, cell, fileHolds, shown, tableOf } from '../fixtures/numbers';
import { expect, test } from '../fixtures/tenants';
import { everyDayOf, ownSchool } from '../fixtures/terms';

const metrics = ['pupils_active', 'teachers_active', 'views', 'minutes', 'minutes_per_reader', 'exercises'];

test('a school head sets the last term beside the same term last year', async ({ page, signedIn }) => {
  await signedIn('school_admin');
  const own = await ownSchool(page);
  const last = own.terms.filter((term) => term.to < own.today).at(-1);
  const [, number] = / (T\d)$/.exec(last?.name ?? '') ?? [];
  const before = own.terms.filter((term) => term.name.endsWith(` ${number}`) && term !== last).at(-1);
  if (!last || !before) throw new Error('the calendar has the term twice');

  // The demo is a year old, so what was read in last year's term is told to it.
  const { from, to } = last;
  const { rows: books } = await asked(page, { metrics: ['views'], dimensions: ['book'], from, to, limit: 1 });
  const events = everyDayOf(own, before, String(books[0]?.[0]));
  expect(octavo(['load', '-', '--site', own.site], events.join('\n'))).toContain(`loaded ${events.length}`);

  await page.getByLabel('Period', { exact: true }).selectOption({ label: 'Last term' });
  await expect(page).toHaveURL(/\?period=last_term$/);
  await expect(page.getByLabel('Compare with')).toHaveValue('same_term_last_year');
  const answer = await asked(page, { metrics, grain: 'week', from, to, compare: 'same_term_last_year', limit: 10_000 });
  await cardsSay(page, metrics, answer.totals);

  // What is called the same term last year is that term, asked for itself.
  const former = await asked(page, { metrics, from: before.from, to: before.to });
  expect(metrics.map((each) => answer.totals[`${each}_previous`])).toEqual(metrics.map((each) => former.totals[each]));
  expect(former.totals.views).toBeGreaterThanOrEqual(events.length);
  expect(former.totals.teachers_active).toBeGreaterThanOrEqual(4);

  await card(page, 'views').click();
  await page.getByRole('button', { name: 'Show as table' }).click();
  const rows = await tableOf(page, 'Views by week');
  expect(rows.map((row) => [row[1], row[2]])).toEqual(
    answer.rows.map((row) => ['views', 'views_previous'].map((name) => shown('views', cell(answer, row, name)))),
  );
  await fileHolds(page, 'Views by week', answer);
  await audit(page, 'school-term');

  await page.reload();
  await expect(page.getByLabel('Period', { exact: true })).toHaveValue('last_term');
  await cardsSay(page, metrics, answer.totals);
});

test('a period that is running is no fall, and says so to those who do not see it', async ({ page, signedIn }) => {
  await signedIn('school_admin', '/?period=30d&grain=week');
  await expect(page.getByRole('img', { name: /Not whole: .*\(not over\)/ })).toBeVisible();
  for (const change of await page.getByRole('group', { name: 'Key figures' }).getByText(/^down/).all()) {
    await expect(change).toContainText('so far');
  }
  await page.getByRole('button', { name: 'Show as table' }).click();
  const rows = await tableOf(page, 'Active pupils and active teachers by week');
  expect(rows.at(-1)?.[0]).toContain('(not over)');
  expect(rows.at(-1)?.at(-1)).toBe('–');
});

test('every number says how it was counted', async ({ page, signedIn }) => {
  await signedIn('school_admin', '/?from=2026-09-01&to=2026-10-31');
  const explaining = page.waitForResponse((response) => response.url().endsWith('/api/v1/query?explain=true'));
  await page.getByRole('button', { name: 'How was this counted? Minutes per reader' }).click();
  await explaining;
  const panel = page.getByRole('dialog', { name: 'How was this counted?' });
  await expect(panel).toContainText('Minutes divided by readers');
  await expect(panel.getByText(/ chosen: /)).toBeVisible();
  await audit(page, 'school-counted');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
});
