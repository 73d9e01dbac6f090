import { queryOptions } from '@tanstack/react-query';
import { accepted, bare, client } from './client';
import { isProblem } from './problem';
import type { Session } from './types';

const fiveMinutes = 300_000;

/** Who is signed in, or null. Asked again every five minutes, because the sites' `today` moves on at midnight. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await accepted(client.GET('/api/v1/session'));
    } catch (error) {
      if (isProblem(error, 401)) return null;
      throw error;
    }
  },
  staleTime: fiveMinutes,
  refetchInterval: fiveMinutes,
});

export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  queryFn: () => accepted(client.GET('/api/v1/catalog')),
  staleTime: Infinity,
  refetchInterval: false,
});

/** One's own organisations, asked from a page of one that is not one's own. */
export const ownSessionQuery = queryOptions({
  queryKey: ['own session'],
  queryFn: () => accepted(bare.GET('/api/v1/session')),
});

/** Where else one can sign in. */
export const identityProvidersQuery = queryOptions({
  queryKey: ['identity providers'],
  queryFn: () => accepted(bare.GET('/api/v1/identity-providers')),
  staleTime: Infinity,
});

/** The address at which signing in elsewhere begins; the browser comes back to `to`. */
export function providerAddress(slug: string, to: string): string {
  return `/auth/${encodeURIComponent(slug)}/start?${new URLSearchParams({ to }).toString()}`;
}

export function signIn(email: string, password: string, code?: string): Promise<Session> {
  return accepted(bare.POST('/api/v1/session', { body: { email, password, ...(code ? { code } : {}) } }));
}

/** Says once more who one is, for what may not be done by whoever finds an open browser. */
export async function prove(password: string, code: string): Promise<void> {
  const body = { ...(password ? { password } : {}), ...(code ? { code } : {}) };
  await accepted(client.POST('/api/v1/session/proof', { body }));
}

export async function signOut(): Promise<void> {
  await accepted(client.DELETE('/api/v1/session'));
}
