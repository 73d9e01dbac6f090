import type { Calendar, Catalog, Question, Session, Site } from '../api/types';
import { comparesFor, compares as allCompares, usualCompare, usuallyMatched, type Compare } from './compares';
import { grains as allGrains, type Grain, type Range } from './dates';
import { grainsFor, usualGrain } from './grains';
import { defaultPreset, presetRange, presets, type Preset } from './presets';
import type { ViewSearch } from './search';

/** What a page shows: the address's words made definite for the one who is signed in. */
export interface View extends Range {
  preset: Preset | 'custom';
  /** The presets there are; without one country's calendar there are no terms. */
  presets: Preset[];
  compare: Compare;
  compares: Compare[];
  matchWeekday: boolean;
  site: Site | undefined;
  sites: Site[];
  /** Of the one country that is shown, when it has one. */
  calendar: Calendar | undefined;
  today: string;
  grain: Grain;
  grains: Grain[];
  metric: string | undefined;
}

/** What the catalogue offers of periods. */
type Offered = Partial<Pick<Catalog, 'grains' | 'compares' | 'calendars'>>;

/** The chosen site's own date; over several sites the furthest on, so that the newest day is never left out. */
function todayOf(sites: Site[], chosen: Site | undefined): string {
  if (chosen) return chosen.today;
  return (
    sites
      .map((site) => site.today)
      .sort()
      .at(-1) ?? '1970-01-01'
  );
}

export function viewOf(
  search: ViewSearch,
  session: Pick<Session, 'sites'>,
  { grains: anyGrain = [...allGrains], compares: anyCompare = [...allCompares], calendars = [] }: Offered = {},
): View {
  const sites = session.sites;
  const site = sites.find((each) => each.code === search.site);
  const today = todayOf(sites, site);
  const shown = (site ? [site] : sites).map(({ code }) => calendars.find((each) => each.site === code));
  const calendar = shown.length === 1 ? shown[0] : undefined;

  const offered = presets.filter((each) => presetRange(each, today, calendar));
  const custom = search.from && search.to ? { from: search.from, to: search.to } : undefined;
  const named = offered.find((each) => each === search.period) ?? defaultPreset;
  const preset = custom ? 'custom' : named;
  const range = custom ?? presetRange(named, today, calendar) ?? { from: today, to: today };

  const compares = comparesFor(range, calendar, anyCompare);
  const compare = compares.find((each) => each === search.compare) ?? usualCompare(preset, compares);
  const grains = grainsFor(range, shown, anyGrain);
  return {
    ...range,
    preset,
    presets: offered,
    compare,
    compares,
    matchWeekday: search.weekday ? search.weekday === 'on' : usuallyMatched(compare, range),
    site,
    sites,
    calendar,
    today,
    grain: grains.find((each) => each === search.grain) ?? usualGrain(range, grains),
    grains,
    metric: search.metric,
  };
}

/** Whether the range holds a day that is not over. */
export function isRunning({ to, today }: Pick<View, 'to' | 'today'>): boolean {
  return to >= today;
}

/** The time zone whose clock fits what is shown; over several sites the reader's own is the only one that does. */
export function zoneOf({ site, sites }: Pick<View, 'site' | 'sites'>): string | undefined {
  return site?.zone ?? (sites.length === 1 ? sites[0]?.zone : undefined);
}

type Part = Omit<Question, 'from' | 'to' | 'compare' | 'match_weekday'>;

/** A question about what the page shows; only a question that compares carries the comparison. */
export function ask(view: View, part: Part, options: { compared?: boolean } = {}): Question {
  const filters = [...(view.site ? [{ dimension: 'site', in: [view.site.code] }] : []), ...(part.filters ?? [])];
  const compare = options.compared && view.compare !== 'none' ? view.compare : undefined;
  return {
    ...part,
    from: view.from,
    to: view.to,
    ...(filters.length > 0 ? { filters } : {}),
    ...(compare ? { compare } : {}),
    ...(compare && view.matchWeekday ? { match_weekday: true } : {}),
  };
}
