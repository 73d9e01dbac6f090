import { createBrowserHistory, type RouterHistory } from '@tanstack/react-router';
import { placeOf, standAt } from '../api/place';
import { sessionQuery } from '../api/session';
import { turnTo } from '../view/leave';
import { createQueries } from './queries';
import { createAppRouter } from './router';
import { signInAddress } from './signInAddress';

/** Puts queries and router together under the page's organisation: a 401 anywhere leads to the sign-in page and back. */
export function start(history: RouterHistory = createBrowserHistory(), retries?: number) {
  const place = placeOf(history.location.pathname);
  standAt(place);
  const queries = createQueries(
    {
      onSignedOut: () => {
        if (outside.includes(router.state.location.pathname)) return;
        queries.setQueryData(sessionQuery.queryKey, null);
        void turnTo(signInAddress(history.location.href));
      },
      onNeeds: () => void queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    },
    retries,
  );
  const router = createAppRouter(queries, place, history);
  return { queries, router };
}

/** Pages for which nobody need be signed in. */
const outside = ['/sign-in', '/invitation', '/password-reset', '/e-mail-change'];
