import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  daysIn,
  isDay,
  isMonth,
  mondayOf,
  monthRange,
  pastMonths,
  weekStart,
  within,
} from './dates';

describe('days', () => {
  it('cross months, leap days and the nights when clocks change', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-03-29', 1)).toBe('2026-03-30');
    expect(addDays('2026-10-25', 1)).toBe('2026-10-26');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysIn({ from: '2026-03-01', to: '2026-03-31' })).toBe(31);
  });

  it('are told from what only looks like them', () => {
    expect(isDay('2026-11-21')).toBe(true);
    for (const wrong of ['2026-02-30', '2026-13-01', '2026-1-1', '', undefined, 20261121])
      expect(isDay(wrong)).toBe(false);
    expect(isMonth('2026-12')).toBe(true);
    expect(isMonth('2026-13')).toBe(false);
  });
});

describe('periods', () => {
  it('are ISO weeks from Monday to Sunday, also over New Year', () => {
    expect(weekStart('2026-W01')).toBe('2025-12-29');
    expect(weekStart('2026-W53')).toBe('2026-12-28');
    expect(weekStart('2026-W47')).toBe('2026-11-16');
    expect(mondayOf('2026-11-16')).toBe('2026-11-16');
    expect(mondayOf('2026-11-22')).toBe('2026-11-16');
    expect(mondayOf('2026-01-01')).toBe('2025-12-29');
  });

  it('lie in one another with their ends', () => {
    const november = monthRange('2026-11');
    expect(within({ from: '2026-11-01', to: '2026-11-30' }, november)).toBe(true);
    expect(within({ from: '2026-10-31', to: '2026-11-01' }, november)).toBe(false);
    expect(within({ from: '2026-11-30', to: '2026-12-01' }, november)).toBe(false);
  });

  it('are whole months', () => {
    expect(monthRange('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addMonths('2026-11', 14)).toBe('2028-01');
    expect(pastMonths('2026-01-31', 2)).toEqual(['2025-12', '2025-11']);
  });
});
