import { describe, expect, it } from 'vitest';
import { answerTo } from '../../testing/answers';
import { monthsOf } from './months';
import { regionTable } from './pivot';

describe("an official's months", () => {
  it('are whole and over', () => {
    expect(monthsOf({}, '2026-11-21')).toEqual({
      first: '2026-05',
      last: '2026-10',
      from: '2026-05-01',
      to: '2026-10-31',
    });
    expect(monthsOf({ from: '2026-02-10', to: '2026-03-15' }, '2026-11-21')).toMatchObject({
      from: '2026-02-01',
      to: '2026-03-31',
    });
    expect(monthsOf({ from: '2026-11-01', to: '2026-11-21' }, '2026-11-21')).toMatchObject({
      from: '2026-05-01',
      to: '2026-10-31',
    });
  });
});

describe('the table of regions', () => {
  it('has a row a region, a column a month, and leaves hidden cells hidden', () => {
    const answer = answerTo(
      { metrics: ['pupils_active'], dimensions: ['region'], grain: 'month', from: '2026-09-01', to: '2026-10-31' },
      true,
    );
    const table = regionTable(answer, 'pupils_active');
    expect(table.months).toEqual(['2026-09', '2026-10']);
    expect(table.rows.map((row) => [row.name, ...row.byMonth.values()])).toEqual([
      ['region A', 100, 100],
      ['region B', 'c', 'c'],
    ]);
    expect(table.anyHidden).toBe(true);
  });
});
