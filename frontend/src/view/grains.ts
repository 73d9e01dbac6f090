import type { Calendar } from '../api/types';
import { knows } from './calendar';
import { daysIn, type Grain, type Range } from './dates';

/** For how many days each grain gives a chart that can be read: neither one lonely period nor a thicket of them. */
const sensible: Record<Grain, [least: number, most: number]> = {
  hour: [1, 7],
  day: [2, 400],
  week: [8, 1_100],
  month: [29, 3_700],
  term: [60, 3_700],
  school_year: [366, 3_700],
};

/** The grains in which a range can be shown; an hour and a term are those of one country. */
export function grainsFor(range: Range, calendars: (Calendar | undefined)[], offered: string[]): Grain[] {
  const days = daysIn(range);
  const known = calendars.length > 0 && calendars.every((calendar) => knows(calendar, range));
  return (Object.keys(sensible) as Grain[]).filter((grain) => {
    const [least, most] = sensible[grain];
    if (!offered.includes(grain) || days < least || days > most) return false;
    if (grain === 'hour') return calendars.length === 1;
    return known || (grain !== 'term' && grain !== 'school_year');
  });
}

/** Hours for a day, days for a month, weeks for a school term, months beyond. */
export function usualGrain(range: Range, grains: Grain[]): Grain {
  const days = daysIn(range);
  const wanted: Grain = days === 1 ? 'hour' : days <= 35 ? 'day' : days <= 200 ? 'week' : 'month';
  return grains.includes(wanted) ? wanted : (grains[0] ?? 'day');
}
