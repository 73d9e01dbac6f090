import type { Format } from './format';

export interface Change {
  direction: 'up' | 'down' | 'same';
  /** The percentage in words, or null when the base is too small to say one. */
  percent: string | null;
}

/** Below this base a percentage says more about chance than about use: one pupil more of two is no rise by half. */
export const smallestBase = 10;

export function changeOf(value: number, previous: number, format: Format): Change {
  const direction = value > previous ? 'up' : value < previous ? 'down' : 'same';
  if (previous < smallestBase) return { direction, percent: null };
  const ratio = Math.abs(value - previous) / previous;
  // A small change is still one: "down 0%" would contradict itself.
  return { direction, percent: ratio > 0 && ratio < 0.01 ? format.percentFine(ratio) : format.percent(ratio) };
}
