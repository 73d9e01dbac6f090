import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Answer, Question } from './types';

export function answerQuery(question: Question) {
  return queryOptions({
    queryKey: ['answer', question],
    queryFn: async ({ signal }) => (await accepted(client.POST('/api/v1/query', { body: question, signal }))) as Answer,
  });
}
