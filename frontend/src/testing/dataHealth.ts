import type { Alias, DataHealth, SiteFlow, Waiting } from '../api/types';

export function flow(site: string, rest: Partial<SiteFlow> = {}): SiteFlow {
  return {
    site,
    sent: 10,
    loaded: 7,
    duplicate: 1,
    quarantined: 1,
    skipped: 1,
    rate: 2.5,
    delay_p50: 0.02,
    delay_p95: 1.25,
    last_load_at: '2026-11-21T07:00:00Z',
    refreshed_at: '2026-11-21T07:00:02Z',
    pending: 0,
    lost: 0,
    ...rest,
  };
}

export const dataHealth: DataHealth = {
  as_of: '2026-11-21T07:00:05Z',
  sites: [flow('ee')],
  logs: [
    {
      source: 'spool:1',
      partition: 'ee',
      site: 'ee',
      waiting: 12,
      oldest_at: '2026-11-21T07:00:04Z',
      noted_at: '2026-11-21T07:00:04Z',
    },
  ],
  steps: [
    { name: 'local_day', does: 'the day', changed: 2000, refused: 0, micros: 900 },
    { name: 'unheard_of', does: 'something new', changed: 0, refused: 1, micros: 0 },
    { name: 'visit', does: 'a visit', changed: 0, refused: 0, micros: 0 },
  ],
};

export const waiting: Waiting = {
  site: 'ee',
  reason: 'unknown_school',
  count: 3,
  kept: 2,
  first_at: '2026-11-20T07:00:00Z',
  last_at: '2026-11-21T07:00:00Z',
  unknown: [{ given: 'S999', count: 3 }],
  samples: [
    {
      id: 5,
      detail: "school 'S999' is not known in this site",
      record: '{"form":"native","record":{"school":"S999"}}',
      received_at: '2026-11-21T07:00:00Z',
      source: 'spool:1',
      offset: 41,
    },
  ],
};

export const alias: Alias = {
  site: 'ee',
  what: 'book',
  given: 'OLD-1',
  means: '9789985000011',
  name: 'Algebra 7',
  idle: false,
  made_by: 'owner@example.org',
  made_at: '2026-11-20T08:00:00Z',
};
