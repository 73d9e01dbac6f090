import type { RouterHistory } from '@tanstack/react-router';
import { sessionQuery } from '../api/session';
import { createQueries } from './queries';
import { createAppRouter } from './router';

/** Puts queries and router together: a 401 anywhere leads to the sign-in page and back afterwards. */
export function start(history?: RouterHistory, retries?: number) {
  const queries = createQueries(() => {
    const { location } = router.state;
    if (location.pathname === '/sign-in') return;
    queries.setQueryData(sessionQuery.queryKey, null);
    void router.navigate({ to: '/sign-in', search: { to: location.href } });
  }, retries);
  const router = createAppRouter(queries, history);
  return { queries, router };
}
