import { compares, type Compare } from './compares';
import { grains, isDay, isMonth, type Grain } from './dates';
import { isPreset, type Preset } from './presets';

/** The whole state of a page, as it stands in its address. What is absent has its default. */
export interface ViewSearch {
  period?: Preset;
  from?: string;
  to?: string;
  compare?: Compare;
  /** Whether what is compared stands on the same weekdays. */
  weekday?: 'on' | 'off';
  site?: string;
  metric?: string;
  grain?: Grain;
  month?: string;
  q?: string;
  /** The organisation, by its slug, that a page about people, access or the audit is of. */
  organisation?: string;
  account?: string;
  /** The days of the audit; apart from the period, which is of numbers and goes along to other pages. */
  since?: string;
  until?: string;
  action?: string;
  /** The audit's page, and the entry that is opened on it. */
  before?: string;
  entry?: string;
}

/** What a link to another page takes along. */
export const carried = ['period', 'from', 'to', 'compare', 'weekday', 'site'] as const;

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((each) => each === value);
}

/** Keeps what is understood and drops the rest: an address typed by hand never breaks a page. */
export function readSearch(raw: Record<string, unknown>): ViewSearch {
  const from = isDay(raw.from) ? raw.from : undefined;
  const to = isDay(raw.to) ? raw.to : undefined;
  const custom = from !== undefined && to !== undefined && from <= to;
  const search: ViewSearch = {
    period: !custom && isPreset(raw.period) ? raw.period : undefined,
    from: custom ? from : undefined,
    to: custom ? to : undefined,
    compare: oneOf(compares, raw.compare),
    weekday: oneOf(['on', 'off'] as const, raw.weekday),
    site: text(raw.site),
    metric: text(raw.metric),
    grain: oneOf(grains, raw.grain),
    month: isMonth(raw.month) ? raw.month : undefined,
    q: text(raw.q),
    organisation: text(raw.organisation),
    account: text(raw.account),
    since: isDay(raw.since) ? raw.since : undefined,
    until: isDay(raw.until) ? raw.until : undefined,
    action: text(raw.action),
    before: text(raw.before),
    entry: text(raw.entry),
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

/** Addresses hold plain words, `?site=ee&period=7d`, not JSON. */
export function parseAddress(address: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(address));
}

export function writeAddress(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const address = parameters.toString();
  return address === '' ? '' : `?${address}`;
}
