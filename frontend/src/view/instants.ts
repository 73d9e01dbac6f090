import { addDays } from './dates';

// People choose days and the server keeps instants: a thing holds from the first moment of a day until the day after its
// last has begun, where the one who chooses is.

export function startOfDay(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

export function endOfDay(day: string): string {
  return startOfDay(addDays(day, 1));
}

function localDay(moment: Date): string {
  const [year, month, day] = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return [String(year).padStart(4, '0'), ...[month, day].map((each) => String(each).padStart(2, '0'))].join('-');
}

/** The day that an instant lies on. */
export function dayOf(instant: string): string {
  return localDay(new Date(instant));
}

/** The last day of what ends at an instant. */
export function lastDayBefore(instant: string): string {
  return localDay(new Date(Date.parse(instant) - 1));
}
