/** Arithmetic on plain calendar days, `2026-11-21`, done in UTC so that no clock change can move a day. */

export const grains = ['hour', 'day', 'week', 'month', 'term', 'school_year'] as const;
export type Grain = (typeof grains)[number];

export interface Range {
  from: string;
  to: string;
}

const dayLength = 86_400_000;

function instant(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const milliseconds = instant(text);
  return Number.isFinite(milliseconds) && dayOf(milliseconds) === text;
}

export function isMonth(text: unknown): text is string {
  return typeof text === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

export function addDays(day: string, days: number): string {
  return dayOf(instant(day) + days * dayLength);
}

/** How many days a range has, both ends counted. */
export function daysIn({ from, to }: Range): number {
  return Math.round((instant(to) - instant(from)) / dayLength) + 1;
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function addMonths(month: string, months: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export function monthRange(month: string): Range {
  return { from: `${month}-01`, to: addDays(`${addMonths(month, 1)}-01`, -1) };
}

/** The Monday of the week in which a day lies. */
export function mondayOf(day: string): string {
  return addDays(day, -((new Date(instant(day)).getUTCDay() + 6) % 7));
}

/** The Monday of an ISO week such as `2026-W02`; week 1 is the one with 4 January (ISO 8601). */
export function weekStart(week: string): string {
  return addDays(mondayOf(`${week.slice(0, 4)}-01-04`), (Number(week.slice(6)) - 1) * 7);
}

export function within(range: Range, { from, to }: Range): boolean {
  return from <= range.from && range.to <= to;
}

/** The past whole months, newest first. */
export function pastMonths(today: string, howMany: number): string[] {
  return Array.from({ length: howMany }, (_, index) => addMonths(monthOf(today), -1 - index));
}
