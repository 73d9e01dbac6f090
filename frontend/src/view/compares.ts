import type { Calendar } from '../api/types';
import { hasSameTermLastYear } from './calendar';
import { daysIn, monthOf, monthRange, type Grain, type Range } from './dates';
import type { Preset } from './presets';

export const compares = ['previous_period', 'previous_year', 'same_term_last_year', 'none'] as const;
export type Compare = (typeof compares)[number];

/** What a range can be compared with: with a term only when it lies in one of one country's calendar. */
export function comparesFor(range: Range, calendar: Calendar | undefined, offered: string[]): Compare[] {
  return compares.filter((each) => {
    if (each === 'same_term_last_year' && !hasSameTermLastYear(calendar, range)) return false;
    return each === 'none' || offered.includes(each);
  });
}

/** Before a term there are holidays, and before a school year the summer: their like is a year ago. */
export function usualCompare(preset: Preset | 'custom', offered: Compare[]): Compare {
  const wanted: Compare[] = [];
  if (preset === 'term' || preset === 'last_term') wanted.push('same_term_last_year', 'previous_year');
  if (preset === 'school_year' || preset === 'last_school_year') wanted.push('previous_year');
  return [...wanted, 'previous_period' as const].find((each) => offered.includes(each)) ?? 'none';
}

function isWholeMonths({ from, to }: Range): boolean {
  return from.endsWith('-01') && monthRange(monthOf(to)).to === to;
}

/**
 * Whether weekdays are matched unless the reader says otherwise. The days just before a Monday to Wednesday are a weekend,
 * which says nothing; but whole months are compared with whole months, and the same dates are the same dates.
 */
export function usuallyMatched(compare: Compare, range: Range): boolean {
  return compare === 'previous_period' && !isWholeMonths(range);
}

/**
 * Whether the first and last period of the compared range are cut just where those of the range are. Else one of them may
 * hold a few days only, and what stands beside it would seem to have risen. Those between are always whole.
 */
export function alignedEnds(grain: Grain, range: Range, compare: Compare, matchWeekday: boolean): boolean {
  switch (grain) {
    case 'hour':
    case 'day':
      return true;
    case 'week':
      return matchWeekday || (compare === 'previous_period' && !isWholeMonths(range) && daysIn(range) % 7 === 0);
    case 'month':
      return !matchWeekday && (compare === 'previous_year' || (compare === 'previous_period' && isWholeMonths(range)));
    case 'term':
    case 'school_year':
      return false;
  }
}
