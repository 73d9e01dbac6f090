import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Answer, Question } from './types';

export function answerQuery(question: Question) {
  return queryOptions({
    queryKey: ['answer', question],
    queryFn: async ({ signal }) => (await accepted(client.POST('/api/v1/query', { body: question, signal }))) as Answer,
  });
}

/** Why the question's answer is read from where it is read: asked for only by one who wants to know. */
export function explanationQuery(question: Question) {
  return queryOptions({
    queryKey: ['explanation', question],
    queryFn: async ({ signal }) => {
      const params = { query: { explain: true } };
      const answer = await accepted(client.POST('/api/v1/query', { body: question, params, signal }));
      return answer.explanation ?? null;
    },
  });
}
