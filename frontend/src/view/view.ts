import type { Question, Session, Site } from '../api/types';
import { daysIn, type Grain, type Range } from './dates';
import { defaultPreset, presetRange, type Preset } from './presets';
import type { Compare, ViewSearch } from './search';

/** What a page shows: the address's words made definite for the one who is signed in. */
export interface View extends Range {
  preset: Preset | 'custom';
  compare: Compare;
  site: Site | undefined;
  sites: Site[];
  today: string;
  grain: Grain;
  metric: string | undefined;
}

/** Days for a month, weeks for a school term, months beyond. */
export function grainFor(range: Range): Grain {
  const days = daysIn(range);
  if (days <= 35) return 'day';
  return days <= 200 ? 'week' : 'month';
}

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

export function viewOf(search: ViewSearch, session: Pick<Session, 'sites'>): View {
  const sites = session.sites;
  const site = sites.find((each) => each.code === search.site);
  const today = todayOf(sites, site);
  const custom = search.from && search.to ? { from: search.from, to: search.to } : undefined;
  const preset = custom ? 'custom' : (search.period ?? defaultPreset);
  const range = custom ?? presetRange(search.period ?? defaultPreset, today);
  return {
    ...range,
    preset,
    compare: search.compare ?? 'previous_period',
    site,
    sites,
    today,
    grain: search.grain ?? grainFor(range),
    metric: search.metric,
  };
}

type Part = Omit<Question, 'from' | 'to' | 'compare'>;

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
  };
}
