import { expect, it } from 'vitest';
import { estonian } from '../testing/calendars';
import { grains as all } from './dates';
import { grainsFor, usualGrain } from './grains';

const grainsOf = (from: string, to: string, calendars = [estonian] as (typeof estonian | undefined)[]) =>
  grainsFor({ from, to }, calendars, [...all]).join(' ');

it('grains are those in which a range can be read', () => {
  expect(grainsOf('2026-11-21', '2026-11-21')).toBe('hour');
  expect(grainsOf('2026-11-15', '2026-11-21')).toBe('hour day');
  expect(grainsOf('2026-11-14', '2026-11-21')).toBe('day week');
  expect(grainsOf('2026-09-01', '2026-11-21')).toBe('day week month term');
  expect(grainsOf('2025-09-01', '2026-08-31')).toBe('day week month term');
  expect(grainsOf('2024-09-02', '2026-11-21')).toBe('week month term school_year');
});

it('hours are those of one country, terms those of a calendar that knows them', () => {
  expect(grainsOf('2026-11-20', '2026-11-21', [undefined])).toBe('hour day');
  expect(grainsOf('2026-11-20', '2026-11-21', [undefined, undefined])).toBe('day');
  expect(grainsOf('2025-09-01', '2026-08-31', [estonian, undefined])).toBe('day week month');
  expect(grainsOf('2024-08-01', '2025-06-30')).toBe('day week month');
  expect(grainsFor({ from: '2026-10-01', to: '2026-11-30' }, [estonian], ['month'])).toEqual(['month']);
});

it('the usual grain is finer for shorter ranges', () => {
  const usual = (from: string, to: string) => {
    const range = { from, to };
    return usualGrain(range, grainsFor(range, [estonian], [...all]));
  };
  expect(usual('2026-11-21', '2026-11-21')).toBe('hour');
  expect(usual('2026-11-01', '2026-11-28')).toBe('day');
  expect(usual('2026-09-01', '2026-11-21')).toBe('week');
  expect(usual('2025-11-22', '2026-11-21')).toBe('month');
  expect(usualGrain({ from: '2026-11-21', to: '2026-11-21' }, [])).toBe('day');
});
