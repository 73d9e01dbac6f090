import type { Key } from '../api/types';

export function key(rest: Partial<Key> = {}): Key {
  return {
    id: 'k1',
    name: 'Nightly pull',
    prefix: 'oct_1234',
    scopes: ['usage:read'],
    networks: [],
    creator: 'owner@example.org',
    mine: true,
    created_at: '2026-10-01T08:00:00Z',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
    replaced_by: null,
    ...rest,
  };
}
