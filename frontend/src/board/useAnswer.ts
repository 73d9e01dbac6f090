import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answerQuery } from '../api/answers';
import type { Answer, Question } from '../api/types';
import { refreshEvery, useLive } from './live';

/** Answers a question, renews the answer while the tab is visible, and keeps the former one until the next is there. */
export function useAnswer(question: Question, enabled = true): UseQueryResult<Answer> {
  const { live } = useLive();
  return useQuery({
    ...answerQuery(question),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: live ? refreshEvery : false,
    refetchIntervalInBackground: false,
  });
}
