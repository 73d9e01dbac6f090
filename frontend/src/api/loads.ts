import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';

export const loadsQuery = queryOptions({
  queryKey: ['loads'],
  queryFn: ({ signal }) => accepted(client.GET('/api/v1/loads', { signal })),
});
