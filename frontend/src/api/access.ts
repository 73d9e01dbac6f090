import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';

export interface AccessSearch {
  organisation?: string;
  account?: string;
  metric?: string;
}

/** What a person sees and may do, and because of what; of oneself when nobody is named. */
export function accessQuery({ organisation, account, metric }: AccessSearch) {
  const query = {
    ...(organisation ? { organisation } : {}),
    ...(account ? { account } : {}),
    ...(metric ? { metric } : {}),
  };
  return queryOptions({
    queryKey: ['access', account ?? '', organisation ?? '', metric ?? ''],
    queryFn: ({ signal }) => accepted(client.GET('/api/v1/access', { params: { query }, signal })),
  });
}
