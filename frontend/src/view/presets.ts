import type { Calendar } from '../api/types';
import { current, former, termsOf, yearsOf } from './calendar';
import { addDays, addMonths, mondayOf, monthOf, monthRange, type Range } from './dates';

/** Named periods, as they are grouped where one is chosen: those of the calendar, of the school, and so many last days. */
export const presetGroups = {
  calendar: ['week', 'last_week', 'month', 'last_month'],
  school: ['term', 'last_term', 'school_year', 'last_school_year'],
  rolling: ['7d', '28d', '30d', '90d', '365d'],
} as const;

export type Preset = (typeof presetGroups)[keyof typeof presetGroups][number];

export const presets: Preset[] = Object.values(presetGroups).flat();

/** Whole weeks, so that what they are compared with has as many school days. */
export const defaultPreset = '28d';

export function isPreset(text: unknown): text is Preset {
  return presets.includes(text as Preset);
}

/** The days of a preset, which end today unless it is over; none when the calendar has no such term or school year. */
export function presetRange(preset: Preset, today: string, calendar?: Calendar): Range | undefined {
  const lastDays = (days: number) => ({ from: addDays(today, 1 - days), to: today });
  const untilToday = (span: Range | undefined) => span && { from: span.from, to: span.to < today ? span.to : today };
  const whole = (span: Range | undefined) => span && { from: span.from, to: span.to };
  const monday = mondayOf(today);
  switch (preset) {
    case 'week':
      return { from: monday, to: today };
    case 'last_week':
      return { from: addDays(monday, -7), to: addDays(monday, -1) };
    case 'month':
      return { from: `${monthOf(today)}-01`, to: today };
    case 'last_month':
      return monthRange(addMonths(monthOf(today), -1));
    case 'term':
      return untilToday(current(termsOf(calendar), today));
    case 'last_term':
      return whole(former(termsOf(calendar), today));
    case 'school_year':
      return untilToday(current(yearsOf(calendar), today));
    case 'last_school_year':
      return whole(former(yearsOf(calendar), today));
    case '7d':
      return lastDays(7);
    case '28d':
      return lastDays(28);
    case '30d':
      return lastDays(30);
    case '90d':
      return lastDays(90);
    case '365d':
      return lastDays(365);
  }
}
