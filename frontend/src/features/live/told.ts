import type { Live, Reading } from '../../api/types';

/** Seconds of each of a reading's pieces. */
export const piece = 10;

export function total(events: number[]): number {
  return events.reduce((sum, count) => sum + count, 0);
}

/** When each piece of the last five minutes began, as instants, the oldest first. */
export function beginnings(asOf: string, pieces: number): string[] {
  const end = Date.parse(asOf);
  return Array.from({ length: pieces }, (_, place) => new Date(end - (pieces - place) * piece * 1000).toISOString());
}

/** Nothing was read for half an hour. What is left out because it is little is not nothing. */
export function isQuiet({ all }: Pick<Live, 'all'>): boolean {
  return all.readers_30 === 0;
}

/** A row's bar: its readers, of those of the first. */
export function share(reading: Reading, most: number): number {
  return (reading.readers_5 ?? 0) / Math.max(1, most);
}
