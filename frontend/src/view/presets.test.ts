import { describe, expect, it } from 'vitest';
import { estonian } from '../testing/calendars';
import { daysIn } from './dates';
import { defaultPreset, isPreset, presetRange, presets } from './presets';

const all = (today: string, calendar?: typeof estonian) =>
  Object.fromEntries(
    presets.map((preset) => [preset, Object.values(presetRange(preset, today, calendar) ?? {}).join(' ')]),
  );

describe('presets', () => {
  it('end today, except what is over', () => {
    expect(all('2026-11-21', estonian)).toEqual({
      week: '2026-11-16 2026-11-21',
      last_week: '2026-11-09 2026-11-15',
      month: '2026-11-01 2026-11-21',
      last_month: '2026-10-01 2026-10-31',
      term: '2026-09-01 2026-11-21',
      last_term: '2026-01-05 2026-06-09',
      school_year: '2026-09-01 2026-11-21',
      last_school_year: '2025-09-01 2026-08-31',
      '7d': '2026-11-15 2026-11-21',
      '28d': '2026-10-25 2026-11-21',
      '30d': '2026-10-23 2026-11-21',
      '90d': '2026-08-24 2026-11-21',
      '365d': '2025-11-22 2026-11-21',
    });
  });

  it('have no term in the holidays, and none of another country', () => {
    expect(all('2026-07-01', estonian)).toMatchObject({
      term: '',
      last_term: '2026-01-05 2026-06-09',
      school_year: '2025-09-01 2026-07-01',
    });
    expect(all('2026-11-21')).toMatchObject({ term: '', last_term: '', school_year: '', last_school_year: '' });
  });

  it('are whole weeks unless one chooses otherwise', () => {
    const range = presetRange(defaultPreset, '2026-11-21');
    expect(range && daysIn(range) % 7).toBe(0);
    expect(isPreset('ever')).toBe(false);
  });
});
