/** Without input or scrolling for so long, nobody reads: milliseconds. */
export const IDLE = 60_000;

/** What the collector takes at most: a day, in milliseconds. */
export const MOST = 86_400_000;

let since = 0;
let sum = 0;

/** Whether the page is seen and has the focus. */
export let looking = false;

/** When the page was touched last; opening it and coming back to it count. */
export let touched = 0;

/**
 * Milliseconds read so far: while the page was looked at, and touched in the last minute. A clock that is set forward, or a
 * machine that slept, adds a minute at most, and one that is set back takes nothing away.
 */
export function total(): number {
  const now = Date.now();
  if (looking) sum += Math.max(0, Math.min(now, touched + IDLE) - since);
  since = now;
  return Math.min(sum, MOST);
}

/** Input or scrolling. */
export function touch(): void {
  total();
  touched = since;
}

/** Another page begins. */
export function restart(): void {
  touch();
  sum = 0;
}

/** Whether the page is now seen and has the focus. */
export function look(on: boolean): void {
  total();
  if (on && !looking) touched = since;
  looking = on;
}
