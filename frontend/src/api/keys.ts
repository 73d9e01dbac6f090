import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { NewKey, Scope } from './types';

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: () => accepted(client.GET('/api/v1/keys')),
});

export interface KeyParts {
  name: string;
  scopes: Scope[];
  expires_at: string | null;
  networks: string[];
}

export function makeKey({ name, scopes, expires_at, networks }: KeyParts): Promise<NewKey> {
  const body = { name, scopes, ...(expires_at ? { expires_at } : {}), ...(networks.length > 0 ? { networks } : {}) };
  return accepted(client.POST('/api/v1/keys', { body }));
}

/** A new key in place of an old one, which works for so many hours more. */
export function rotateKey(id: string, overlapHours: number): Promise<NewKey> {
  const body = { overlap_hours: overlapHours };
  return accepted(client.POST('/api/v1/keys/{id}/rotation', { params: { path: { id } }, body }));
}

export async function revokeKey(id: string): Promise<void> {
  await accepted(client.DELETE('/api/v1/keys/{id}', { params: { path: { id } } }));
}
