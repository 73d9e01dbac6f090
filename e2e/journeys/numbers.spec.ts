import type { Page } from '@playwright/test';
import type { Role } from '../fixtures/demo';
import {
  asked,
  card,
  cardsSay,
  cell,
  fileHolds,
  percent,
  shown,
  tableOf,
  titles,
  type Question,
} from '../fixtures/numbers';
import { expect, test } from '../fixtures/tenants';

// Ranges that are over: the demo goes on while the test looks.
const views = [
  { name: 'the months before', address: 'from=2026-09-01&to=2026-10-31', compared: { compare: 'previous_period' } },
  {
    // Forty days, so that without matching they would stand beside other weekdays.
    name: 'the same weekdays before',
    address: 'from=2026-09-07&to=2026-10-16&compare=previous_period&weekday=on',
    compared: { compare: 'previous_period', match_weekday: true },
  },
];

interface List {
  title: string;
  dimension: string;
  metrics: string[];
  /** In the order of the dimension itself, not by the first metric. */
  natural?: boolean;
  limit?: number;
}

const overviews: { role: Role; board: string[]; lists: List[] }[] = [
  {
    role: 'owner',
    board: ['views', 'readers', 'views_per_reader', 'schools', 'minutes'],
    lists: [
      { title: 'By site', dimension: 'site', metrics: ['views', 'readers', 'schools', 'minutes'] },
      { title: 'Top publishers', dimension: 'publisher', metrics: ['views', 'readers', 'schools'] },
      { title: 'Top books', dimension: 'book', metrics: ['readers', 'views'] },
      { title: 'Top schools', dimension: 'school', metrics: ['active', 'views'] },
    ],
  },
  {
    role: 'school_admin',
    board: ['pupils_active', 'teachers_active', 'views', 'minutes', 'minutes_per_reader', 'exercises'],
    lists: [
      { title: 'Top books', dimension: 'book', metrics: ['readers', 'views'] },
      { title: 'By grade', dimension: 'grade', metrics: ['readers', 'views', 'minutes'], natural: true, limit: 20 },
      { title: 'By subject', dimension: 'subject', metrics: ['readers', 'views', 'minutes'] },
    ],
  },
  {
    role: 'publisher',
    board: ['readers', 'views', 'schools', 'minutes'],
    lists: [
      { title: 'Top books', dimension: 'book', metrics: ['readers', 'views', 'schools'] },
      { title: 'By grade', dimension: 'grade', metrics: ['readers', 'views'], natural: true, limit: 20 },
    ],
  },
];

/** The chart's table and file, metric by metric. */
async function chartSays(page: Page, metrics: string[], question: Question): Promise<void> {
  const answer = await asked(page, question);
  await cardsSay(page, metrics, answer.totals);
  for (const metric of metrics) {
    await card(page, metric).click();
    await expect(card(page, metric)).toHaveAttribute('aria-pressed', 'true');
    const heading = page.getByRole('heading', { level: 2, name: new RegExp(`^${titles[metric]}( and .*)? by week$`) });
    const title = (await heading.textContent()) ?? '';
    const rows = await tableOf(page, title);
    const previous = page
      .getByRole('table', { name: title })
      .getByRole('columnheader', { name: /, (previous|a year)/ });
    const at = await previous.evaluate((each) => (each as HTMLTableCellElement).cellIndex);
    const numbers = rows.map((row) => [row[1], row[at]]);
    const expected = [metric, `${metric}_previous`];
    expect(numbers, title).toEqual(
      answer.rows.map((row) => expected.map((name) => shown(metric, cell(answer, row, name)))),
    );
    await fileHolds(page, title, answer);
  }
}

/** A list's rows and file. */
async function listSays(page: Page, list: List, range: Pick<Question, 'from' | 'to' | 'compare' | 'match_weekday'>) {
  const { title, dimension, metrics, natural, limit = 10 } = list;
  const [leading = ''] = metrics;
  const order = natural ? {} : { order: [{ by: leading, desc: true }] };
  const answer = await asked(page, { ...range, metrics, dimensions: [dimension], limit, ...order });
  const told = answer.rows.filter(
    (row) => cell(answer, row, dimension) !== null || metrics.some((metric) => cell(answer, row, metric) !== 0),
  );
  if (natural) told.sort((a, b) => Number(cell(answer, a, dimension)) - Number(cell(answer, b, dimension)));
  const rows = await tableOf(page, title);
  const heads = await page.getByRole('table', { name: title, exact: true }).getByRole('columnheader').allTextContents();
  const seen = rows.map((row) => metrics.map((metric) => row[heads.indexOf(titles[metric] ?? '')]));
  expect(seen, title).toEqual(told.map((row) => metrics.map((metric) => shown(metric, cell(answer, row, metric)))));
  const changed = heads.indexOf('Change');
  for (const [index, row] of told.entries()) {
    const change = percent(leading, cell(answer, row, leading), cell(answer, row, `${leading}_previous`));
    if (changed >= 0) expect(rows[index]?.[changed], title).toContain(change ?? '–');
    else expect(change, title).toBeUndefined();
  }
  await fileHolds(page, title, answer);
}

for (const { role, board, lists } of overviews) {
  for (const { name, address, compared } of views) {
    test(`the overview of ${role} and its files say what the API says, beside ${name}`, async ({ page, signedIn }) => {
      const { from = '', to = '' } = Object.fromEntries(new URLSearchParams(address));
      const range = { from, to, ...compared };
      await signedIn(role, `/?${address}`);
      await page.getByRole('button', { name: 'Show as table' }).click();
      await chartSays(page, board, { ...range, metrics: board, grain: 'week', limit: 10_000 });
      for (const list of lists) await listSays(page, list, range);
    });
  }
}

test('the overview of official and its files say what the API says', async ({ page, signedIn }) => {
  const range = { from: '2026-08-01', to: '2026-10-31', grain: 'month' };
  const metrics = ['pupils_active', 'teachers_active', 'readers', 'views', 'minutes'];
  await signedIn('official', '/?from=2026-08-01&to=2026-10-31');
  const answer = await asked(page, { ...range, metrics });
  const [before = [], latest = []] = answer.rows.slice(-2);
  await cardsSay(
    page,
    metrics,
    Object.fromEntries(
      metrics.flatMap((metric) => [
        [metric, cell(answer, latest, metric)],
        [`${metric}_previous`, cell(answer, before, metric)],
      ]),
    ),
  );
  await fileHolds(page, 'Active pupils by month', answer);

  const byRegion = { ...range, metrics: ['pupils_active'], dimensions: ['region'], limit: 10_000 };
  const regions = await asked(page, byRegion);
  const rows = await tableOf(page, 'Active pupils by region and month');
  const months = [...new Set(regions.rows.map((row) => cell(regions, row, 'month')))].sort();
  for (const [name, ...numbers] of rows) {
    const own = regions.rows.filter((row) => cell(regions, row, 'region_name') === name);
    const expected = months.map((month) => own.find((row) => cell(regions, row, 'month') === month));
    expect(numbers, name).toEqual(
      expected.map((row) => shown('pupils_active', row && cell(regions, row, 'pupils_active'))),
    );
  }
  await fileHolds(page, 'Active pupils by region and month', regions);
});
