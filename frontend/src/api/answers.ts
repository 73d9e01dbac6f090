import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Question } from './types';

export function answerQuery(question: Question) {
  return queryOptions({
    queryKey: ['answer', question],
    queryFn: ({ signal }) => accepted(client.POST('/api/v1/query', { body: question, signal })),
  });
}
