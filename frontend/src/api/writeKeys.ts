import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { NewWriteKey, WriteKey } from './types';

export const writeKeysQuery = queryOptions({
  queryKey: ['write-keys'],
  queryFn: () => accepted(client.GET('/api/v1/write-keys')),
});

export function makeWriteKey(body: NewWriteKey): Promise<WriteKey> {
  return accepted(client.POST('/api/v1/write-keys', { body }));
}

/** What is sent with it from now on is refused. */
export async function endWriteKey({ key }: WriteKey): Promise<void> {
  await accepted(client.DELETE('/api/v1/write-keys/{key}', { params: { path: { key } } }));
}
