import type { Range } from '../../view/dates';
import { monthOf, monthRange, pastMonths } from '../../view/dates';
import type { ViewSearch } from '../../view/search';

export const offeredMonths = 36;
const defaultSpan = 6;

export interface Months extends Range {
  first: string;
  last: string;
}

/** The whole past months an official sees; what the address asks for beyond them is brought back to them. */
export function monthsOf(search: Pick<ViewSearch, 'from' | 'to'>, today: string): Months {
  const past = pastMonths(today, offeredMonths);
  const newest = past[0] ?? monthOf(today);
  const asked = (day: string | undefined, otherwise: string) => {
    const month = day === undefined ? otherwise : monthOf(day);
    return past.includes(month) ? month : otherwise;
  };
  const last = asked(search.to, newest);
  const first = asked(search.from, past[defaultSpan - 1] ?? newest);
  const start = first <= last ? first : last;
  return { first: start, last, from: monthRange(start).from, to: monthRange(last).to };
}
