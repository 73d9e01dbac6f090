import { describe, expect, it } from 'vitest';
import { daysIn } from './dates';
import { presetRange, presets, schoolYearStart } from './presets';

describe('presets', () => {
  it('end today, except the month that is over', () => {
    expect(Object.fromEntries(presets.map((preset) => [preset, presetRange(preset, '2026-11-21')]))).toEqual({
      '7d': { from: '2026-11-15', to: '2026-11-21' },
      '28d': { from: '2026-10-25', to: '2026-11-21' },
      '90d': { from: '2026-08-24', to: '2026-11-21' },
      month: { from: '2026-11-01', to: '2026-11-21' },
      last_month: { from: '2026-10-01', to: '2026-10-31' },
      school_year: { from: '2026-09-01', to: '2026-11-21' },
      '365d': { from: '2025-11-22', to: '2026-11-21' },
    });
    expect(daysIn(presetRange('28d', '2026-11-21'))).toBe(28);
  });

  it('know that a school year begins on 1 September', () => {
    expect(schoolYearStart('2026-08-31')).toBe('2025-09-01');
    expect(schoolYearStart('2026-09-01')).toBe('2026-09-01');
  });
});
