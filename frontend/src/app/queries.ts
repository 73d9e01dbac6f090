import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '../api/problem';

const worthRetrying = (error: unknown) =>
  error instanceof ProblemError && (error.status === 0 || error.status === 429 || error.status >= 500);

/** `onSignedOut` is called when the server no longer knows the caller, whichever question it was that told. */
export function createQueries(onSignedOut: () => void, retries = 2): QueryClient {
  const notice = (error: unknown) => {
    if (error instanceof ProblemError && error.status === 401 && error.code !== 'bad_credentials') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < retries && worthRetrying(error),
      },
    },
  });
}
