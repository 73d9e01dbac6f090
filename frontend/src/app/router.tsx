import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
  type RouterHistory,
} from '@tanstack/react-router';
import { catalogQuery, sessionQuery } from '../api/session';
import { carried, parseAddress, readSearch, writeAddress, type ViewSearch } from '../view/search';
import { Failed } from './Failed';
import { NotFound } from './NotFound';
import { Root } from './Root';
import { Shell } from './Shell';
import { SignIn } from './SignIn';
import { OverviewRoute } from './pages/OverviewRoute';

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Root, errorComponent: Failed });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { to?: string } => (typeof raw.to === 'string' ? { to: raw.to } : {}),
  component: SignIn,
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  validateSearch: (raw: Record<string, unknown>): ViewSearch => readSearch(raw),
  search: { middlewares: [retainSearchParams([...carried])] },
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session === null) {
      throw redirect({ to: '/sign-in', search: { to: location.href } });
    }
    const mayAsk = session.can.includes('usage.read');
    const catalog = mayAsk ? await context.queries.ensureQueryData(catalogQuery) : undefined;
    return { session, catalog };
  },
  component: Shell,
});

const overview = createRoute({ getParentRoute: () => signedIn, path: '/', component: OverviewRoute });
const schools = createRoute({
  getParentRoute: () => signedIn,
  path: '/schools',
  component: lazyRouteComponent(() => import('./pages/ListRoutes'), 'SchoolsRoute'),
});
const school = createRoute({
  getParentRoute: () => signedIn,
  path: '/schools/$code',
  component: lazyRouteComponent(() => import('./pages/EntityRoutes'), 'SchoolRoute'),
});
const books = createRoute({
  getParentRoute: () => signedIn,
  path: '/books',
  component: lazyRouteComponent(() => import('./pages/ListRoutes'), 'BooksRoute'),
});
const book = createRoute({
  getParentRoute: () => signedIn,
  path: '/books/$code',
  component: lazyRouteComponent(() => import('./pages/EntityRoutes'), 'BookRoute'),
});
const publishers = createRoute({
  getParentRoute: () => signedIn,
  path: '/publishers',
  component: lazyRouteComponent(() => import('./pages/ListRoutes'), 'PublishersRoute'),
});
const publisher = createRoute({
  getParentRoute: () => signedIn,
  path: '/publishers/$code',
  component: lazyRouteComponent(() => import('./pages/EntityRoutes'), 'PublisherRoute'),
});
const statements = createRoute({
  getParentRoute: () => signedIn,
  path: '/statements',
  component: lazyRouteComponent(() => import('../features/statements/StatementList'), 'StatementList'),
});
const statement = createRoute({
  getParentRoute: () => signedIn,
  path: '/statements/$id',
  component: lazyRouteComponent(() => import('./pages/StatementRoute'), 'StatementRoute'),
});
const pools = createRoute({
  getParentRoute: () => signedIn,
  path: '/pools',
  component: lazyRouteComponent(() => import('../features/pools/PoolsPage'), 'PoolsPage'),
});
const data = createRoute({
  getParentRoute: () => signedIn,
  path: '/data',
  component: lazyRouteComponent(() => import('../features/data/DataPage'), 'DataPage'),
});
const nowhere = createRoute({ getParentRoute: () => signedIn, path: '$', component: NotFound });

const tree = root.addChildren([
  signIn,
  signedIn.addChildren([
    overview,
    schools,
    school,
    books,
    book,
    publishers,
    publisher,
    statements,
    statement,
    pools,
    data,
    nowhere,
  ]),
]);

export function createAppRouter(queries: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    parseSearch: parseAddress,
    stringifySearch: writeAddress,
    scrollRestoration: true,
    ...(history ? { history } : {}),
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
