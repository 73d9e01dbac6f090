import type { Live, LiveItem, Reading } from '../api/types';

/** One event in each ten seconds but the latest, in which there are three. */
const events = [...Array.from({ length: 29 }, () => 1), 3];

export function reading(readers_5: number | null, readers_30 = readers_5): Reading {
  const told = readers_5 !== null;
  return { readers_5, readers_30, events_per_second: told ? 0.3 : null, events: told ? events : [] };
}

function item(code: string, name: string, readers: number): LiveItem {
  return { code, name, reading: reading(readers, readers * 2) };
}

/** What is happening at 10:42:07 in Tallinn. */
export function happening(rest: Partial<Live> = {}): Live {
  return {
    as_of: '2026-11-21T08:42:07Z',
    all: reading(12, 31),
    sites: [item('ee', 'Estonia', 9), item('fi', 'Finland', 3)],
    books: [item('978', 'Algebra 7', 8)],
    schools: [item('ee:S001', 'Tallinn School 1', 5)],
    fewest: 1,
    ...rest,
  };
}
