import type { WriteKey } from '../api/types';

export function writeKey(rest: Partial<WriteKey> = {}): WriteKey {
  return {
    key: 'ow_1234',
    site: 'ee',
    name: 'Reader',
    origins: ['https://book.example'],
    made_at: '2026-10-01T08:00:00Z',
    ended_at: null,
    ...rest,
  };
}

export const writeKeys = {
  collector: 'https://collect.example',
  items: [writeKey(), writeKey({ key: 'ow_0', name: 'Old one', origins: [], ended_at: '2026-11-01T08:00:00Z' })],
};
