import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { hasCode, isProblem, ProblemError } from '../api/problem';

const worthRetrying = (error: unknown) =>
  error instanceof ProblemError && (error.status === 0 || error.status === 429 || error.status >= 500);

interface Notices {
  /** The server no longer knows the caller, whichever question it was that told. */
  onSignedOut: () => void;
  /** The organisation has come to require a second factor that the caller has not. */
  onNeeds: () => void;
}

export function createQueries({ onSignedOut, onNeeds }: Notices, retries = 2): QueryClient {
  const notice = (error: unknown) => {
    // A wrong password or code is a refusal of what was typed, not of who is signed in.
    if (isProblem(error, 401) && !hasCode(error, 'bad_credentials', 'bad_code', 'code_needed')) onSignedOut();
    if (hasCode(error, 'two_factor_needed')) onNeeds();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < retries && worthRetrying(error),
      },
      mutations: { retry: false },
    },
  });
}
