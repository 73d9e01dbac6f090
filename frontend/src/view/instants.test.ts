import { expect, it } from 'vitest';
import { dayOf, endOfDay, lastDayBefore, startOfDay } from './instants';

it('gives a day back from the instants at which it begins and ends, also where clocks change', () => {
  for (const day of ['2026-01-01', '2026-03-29', '2026-10-25', '2026-12-31', '2028-02-29']) {
    expect(dayOf(startOfDay(day))).toBe(day);
    expect(lastDayBefore(endOfDay(day))).toBe(day);
  }
});
