import type { StepState } from '../../api/types';

/** Steps that are told when events are read: they take no time on the way in. */
export const whenRead = ['visit', 'double_click'];

/**
 * How many events went through the steps. The ledger has no count of its own for it, but each of them gets its day from one of
 * the steps.
 */
export function through(steps: Pick<StepState, 'changed' | 'refused'>[]): number {
  return Math.max(0, ...steps.map(({ changed, refused }) => changed + refused));
}

/** Microseconds a step takes for a thousand events; nothing where none went through. */
export function perThousand(micros: number, events: number): number | undefined {
  return events > 0 ? (micros * 1000) / events : undefined;
}
