import type { Loads } from '../../api/types';

type Load = Loads['items'][number];

/** Every event that was received is accounted for. */
export function balances(load: Pick<Load, 'received' | 'loaded' | 'duplicate' | 'quarantined' | 'skipped'>): boolean {
  return load.received === load.loaded + load.duplicate + load.quarantined + load.skipped;
}
