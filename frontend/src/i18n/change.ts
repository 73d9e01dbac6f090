import type { Format } from './format';

export interface Change {
  direction: 'up' | 'down' | 'same';
  /** The percentage in words, or null when the base is too small to say one. */
  percent: string | null;
}

/** Below this base a percentage says more about chance than about use. */
export const smallestBase = 10;

export function changeOf(value: number, previous: number, format: Format): Change {
  const direction = value > previous ? 'up' : value < previous ? 'down' : 'same';
  if (previous < smallestBase) return { direction, percent: null };
  return { direction, percent: format.percent(Math.abs(value - previous) / previous) };
}
