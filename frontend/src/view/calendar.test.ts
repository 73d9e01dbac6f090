import { describe, expect, it } from 'vitest';
import { estonian } from '../testing/calendars';
import {
  current,
  former,
  hasSameTermLastYear,
  knows,
  periodDays,
  termsOf,
  yearBetweenTerms,
  yearsOf,
} from './calendar';

describe('a school calendar', () => {
  it('knows the term and the one before, also in the holidays', () => {
    const terms = termsOf(estonian);
    expect(current(terms, '2026-11-21')?.name).toBe('2026/27 autumn');
    expect(former(terms, '2026-11-21')?.name).toBe('2025/26 spring');
    expect(current(terms, '2026-07-01')).toBeUndefined();
    expect(former(terms, '2026-07-01')?.name).toBe('2025/26 spring');
    expect(former(terms, '2024-09-02')).toBeUndefined();
    expect(former(yearsOf(estonian), '2026-11-21')?.name).toBe('2025/26');
  });

  it('has the same term of the year before only for days within one term', () => {
    expect(hasSameTermLastYear(estonian, { from: '2026-09-01', to: '2026-11-21' })).toBe(true);
    expect(hasSameTermLastYear(estonian, { from: '2026-12-20', to: '2027-01-12' })).toBe(false);
    expect(hasSameTermLastYear(estonian, { from: '2026-07-01', to: '2026-07-07' })).toBe(false);
    // The year before is not known.
    expect(hasSameTermLastYear(estonian, { from: '2024-09-02', to: '2024-09-30' })).toBe(false);
    // Last autumn ended after 106 days; the 107th has nothing to stand beside.
    expect(hasSameTermLastYear(estonian, { from: '2026-12-15', to: '2026-12-22' })).toBe(true);
    expect(hasSameTermLastYear(estonian, { from: '2026-12-16', to: '2026-12-22' })).toBe(false);
    expect(hasSameTermLastYear(undefined, { from: '2026-09-01', to: '2026-11-21' })).toBe(false);
  });

  it('says of which days it knows', () => {
    expect(knows(estonian, { from: '2024-09-01', to: '2027-08-31' })).toBe(true);
    expect(knows(estonian, { from: '2024-08-31', to: '2026-01-01' })).toBe(false);
    expect(knows(undefined, { from: '2026-01-01', to: '2026-01-01' })).toBe(false);
  });

  it('gives the days of every kind of period', () => {
    const days = (...of: Parameters<typeof periodDays>) => Object.values(periodDays(...of) ?? {}).slice(-2);
    expect(days('hour', '2026-11-21T08:00+02:00')).toEqual(['2026-11-21', '2026-11-21']);
    expect(days('week', '2026-W47')).toEqual(['2026-11-16', '2026-11-22']);
    expect(days('month', '2028-02')).toEqual(['2028-02-01', '2028-02-29']);
    expect(periodDays('term', '2026/27 autumn', estonian)).toMatchObject({ from: '2026-09-01', to: '2026-12-22' });
    expect(periodDays('term', '2026/27 between terms', estonian)).toMatchObject({
      from: '2026-09-01',
      to: '2027-08-31',
    });
    expect(periodDays('school_year', '2025/26', estonian)).toMatchObject({ from: '2025-09-01', to: '2026-08-31' });
    expect(periodDays('term', '2026/27 autumn')).toBeUndefined();
    expect(yearBetweenTerms('2026/27 between terms')).toBe('2026/27');
    expect(yearBetweenTerms('2026/27 autumn')).toBeUndefined();
  });
});
