import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
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

export function signIn(email: string, password: string): Promise<Session> {
  return accepted(client.POST('/api/v1/session', { body: { email, password } }));
}

export async function signOut(): Promise<void> {
  await accepted(client.DELETE('/api/v1/session'));
}
