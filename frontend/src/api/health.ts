import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Released } from './types';

export const dataHealthQuery = queryOptions({
  queryKey: ['data-health'],
  queryFn: ({ signal }) => accepted(client.GET('/api/v1/data-health', { signal })),
});

export const quarantineQuery = queryOptions({
  queryKey: ['quarantine'],
  queryFn: ({ signal }) => accepted(client.GET('/api/v1/quarantine', { signal })),
});

/** Takes what waits in a site for a reason through the steps once more. */
export function release({ site, reason }: { site: string; reason: string }): Promise<Released> {
  return accepted(client.POST('/api/v1/quarantine/release', { body: { site, reason } }));
}
