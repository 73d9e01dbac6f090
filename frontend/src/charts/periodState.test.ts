import { expect, it } from 'vitest';
import { periodDays } from '../view/calendar';
import { periodState, type ChartGrain } from './periodState';

const clock = { today: '2026-11-21', now: Date.parse('2026-11-21T10:20:00+02:00') };
const stateOf = (grain: ChartGrain, period: string, noted = false) =>
  periodState(grain, period, noted, clock, periodDays);

it('a period is whole unless the server says otherwise', () => {
  expect(stateOf('day', '2026-11-20')).toBe('whole');
  expect(stateOf('week', '2026-W47', true)).toBe('running');
  expect(stateOf('week', '2026-W44', true)).toBe('cut');
  expect(stateOf('month', '2026-09', true)).toBe('cut');
  expect(stateOf('term', 'a term of no known calendar', true)).toBe('running');
});

it('what has not begun is neither zero nor unfinished', () => {
  expect(stateOf('day', '2026-11-22', true)).toBe('ahead');
  expect(stateOf('month', '2026-12', true)).toBe('ahead');
});

it('an hour is told by the clock, whatever its offset', () => {
  expect(stateOf('hour', '2026-11-21T09:00+02:00')).toBe('whole');
  expect(stateOf('hour', '2026-11-21T10:00+02:00')).toBe('running');
  expect(stateOf('hour', '2026-11-21T11:00+02:00')).toBe('ahead');
  expect(stateOf('hour', '2026-11-21T10:00+05:00')).toBe('whole');
});
