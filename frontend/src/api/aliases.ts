import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Alias, NewAlias } from './types';

export const aliasesQuery = queryOptions({
  queryKey: ['aliases'],
  queryFn: ({ signal }) => accepted(client.GET('/api/v1/aliases', { signal })),
});

/** Says what an id means, or something else than before. */
export async function makeAlias(body: NewAlias): Promise<void> {
  await accepted(client.POST('/api/v1/aliases', { body }));
}

export async function removeAlias({ site, what, given }: Alias): Promise<void> {
  await accepted(client.DELETE('/api/v1/aliases', { params: { query: { site, what, given } } }));
}
