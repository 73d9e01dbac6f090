import type { Calendar, SchoolYear, Term } from '../api/types';
import { addDays, monthRange, weekStart, within, type Grain, type Range } from './dates';

const holds = (day: string) => (span: Range) => within({ from: day, to: day }, span);

export function termsOf(calendar: Calendar | undefined): Term[] {
  return calendar?.years.flatMap((year) => year.terms) ?? [];
}

export function yearsOf(calendar: Calendar | undefined): SchoolYear[] {
  return calendar?.years ?? [];
}

/** The span in which a day lies; none in the holidays between terms. */
export function current<S extends Range>(spans: S[], day: string): S | undefined {
  return spans.find(holds(day));
}

/** The newest span that is over. */
export function former<S extends Range>(spans: S[], day: string): S | undefined {
  return spans.filter((span) => span.to < day).at(-1);
}

/** Whether a range lies in one term, and as many days into the same term of the year before there was still school. */
export function hasSameTermLastYear(calendar: Calendar | undefined, range: Range): boolean {
  const years = yearsOf(calendar);
  const year = years.findIndex(({ terms }) => terms.some((term) => within(range, term)));
  const place = years[year]?.terms.findIndex((term) => within(range, term)) ?? -1;
  const [term, before] = [years[year]?.terms[place], years[year - 1]?.terms[place]];
  return (
    term !== undefined && before !== undefined && lengthBefore(term, range.from) <= lengthBefore(before, before.to)
  );
}

function lengthBefore(term: Term, day: string): number {
  return Date.parse(day) - Date.parse(term.from);
}

/** Whether the calendar knows every day of a range. */
export function knows(calendar: Calendar | undefined, range: Range): boolean {
  const [first, last] = [calendar?.years[0], calendar?.years.at(-1)];
  return first !== undefined && last !== undefined && within(range, { from: first.from, to: last.to });
}

/** The school year of which a label means the days between its terms; those are a period of their own. */
export function yearBetweenTerms(label: string): string | undefined {
  return /^(.+) between terms$/.exec(label)?.[1];
}

/** The days a period's label stands for, where they can be told. An hour stands for its day. */
export function periodDays(grain: Grain, label: string, calendar?: Calendar): Range | undefined {
  switch (grain) {
    case 'hour':
      return { from: label.slice(0, 10), to: label.slice(0, 10) };
    case 'day':
      return { from: label, to: label };
    case 'week':
      return { from: weekStart(label), to: addDays(weekStart(label), 6) };
    case 'month':
      return monthRange(label);
    case 'term':
      return [...termsOf(calendar), ...yearsOf(calendar)].find(
        ({ name }) => name === (yearBetweenTerms(label) ?? label),
      );
    case 'school_year':
      return yearsOf(calendar).find(({ name }) => name === label);
  }
}
