import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Pool } from './types';

export interface StatementFilter {
  site?: string;
  month?: string;
}

export function statementsQuery({ site, month }: StatementFilter) {
  return queryOptions({
    queryKey: ['statements', { site, month }],
    queryFn: ({ signal }) =>
      accepted(
        client.GET('/api/v1/statements', {
          params: { query: { ...(site ? { site } : {}), ...(month ? { month } : {}) } },
          signal,
        }),
      ),
  });
}

export function statementQuery(id: string) {
  return queryOptions({
    queryKey: ['statement', id],
    queryFn: () => accepted(client.GET('/api/v1/statements/{id}', { params: { path: { id } } })),
  });
}

export const poolsQuery = queryOptions({
  queryKey: ['pools'],
  queryFn: () => accepted(client.GET('/api/v1/pools')),
});

export function enterPool(site: string, month: string, amount: string): Promise<Pool> {
  return accepted(client.PUT('/api/v1/pools/{site}/{month}', { params: { path: { site, month } }, body: { amount } }));
}
