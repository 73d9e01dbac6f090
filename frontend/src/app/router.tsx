import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  retainSearchParams,
  type RouterHistory,
} from '@tanstack/react-router';
import { startOf } from '../api/place';
import { isProblem } from '../api/problem';
import { catalogQuery, sessionQuery } from '../api/session';
import { turnTo } from '../view/leave';
import { carried, parseAddress, readSearch, writeAddress, type ViewSearch } from '../view/search';
import { Failed } from './Failed';
import { NotFound } from './NotFound';
import { NotYours } from './NotYours';
import { Outside } from './Outside';
import { Root } from './Root';
import { Shell } from './Shell';
import { SignIn } from './SignIn';
import { signInAddress } from './signInAddress';
import { OverviewRoute } from './pages/OverviewRoute';

interface Context {
  queries: QueryClient;
  /** The organisation's part of the address, under which everything stands; empty for none. */
  place: string;
}

const root = createRootRouteWithContext<Context>()({
  component: Root,
  errorComponent: Failed,
  notFoundComponent: NotYours,
});

const outside = createRoute({
  getParentRoute: () => root,
  id: 'outside',
  beforeLoad: ({ context, location }) => (context.place === '' ? undefined : turnTo(location.href)),
  component: Outside,
});
const signIn = createRoute({
  getParentRoute: () => outside,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { to?: string; refused?: string } => ({
    ...(typeof raw.to === 'string' ? { to: raw.to } : {}),
    ...(typeof raw.refused === 'string' ? { refused: raw.refused } : {}),
  }),
  component: SignIn,
});
const invitation = createRoute({
  getParentRoute: () => outside,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/OutsideRoutes'), 'InvitationRoute'),
});
const passwordReset = createRoute({
  getParentRoute: () => outside,
  path: '/password-reset',
  component: lazyRouteComponent(() => import('./pages/OutsideRoutes'), 'PasswordResetRoute'),
});
const emailChange = createRoute({
  getParentRoute: () => outside,
  path: '/e-mail-change',
  component: lazyRouteComponent(() => import('./pages/OutsideRoutes'), 'EmailChangeRoute'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  validateSearch: (raw: Record<string, unknown>): ViewSearch => readSearch(raw),
  search: { middlewares: [retainSearchParams([...carried])] },
  beforeLoad: async ({ context: { queries, place }, location }) => {
    const session = await queries.ensureQueryData(sessionQuery).catch((error: unknown) => {
      // Only who one is was asked, so what was not found is the organisation.
      throw isProblem(error, 404) ? notFound() : error;
    });
    if (session === null) return turnTo(signInAddress(location.publicHref));
    if (place === '') return turnTo(startOf(session.organisation.slug) + location.href.slice(1));
    const mayAsk = session.can.includes('usage.read') && !session.needs;
    const catalog = mayAsk ? await queries.ensureQueryData(catalogQuery) : undefined;
    return { session, catalog };
  },
  component: Shell,
});

const overview = createRoute({ getParentRoute: () => signedIn, path: '/', component: OverviewRoute });
const live = createRoute({
  getParentRoute: () => signedIn,
  path: '/live',
  component: lazyRouteComponent(() => import('../features/live/LivePage'), 'LivePage'),
});
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
const writeKeys = createRoute({
  getParentRoute: () => signedIn,
  path: '/write-keys',
  component: lazyRouteComponent(() => import('../features/write-keys/WriteKeysPage'), 'WriteKeysPage'),
});
const people = createRoute({
  getParentRoute: () => signedIn,
  path: '/people',
  component: lazyRouteComponent(() => import('../features/people/PeoplePage'), 'PeoplePage'),
});
const organisations = createRoute({
  getParentRoute: () => signedIn,
  path: '/organisations',
  component: lazyRouteComponent(() => import('../features/organisations/OrganisationsPage'), 'OrganisationsPage'),
});
const keys = createRoute({
  getParentRoute: () => signedIn,
  path: '/keys',
  component: lazyRouteComponent(() => import('../features/keys/KeysPage'), 'KeysPage'),
});
const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/audit/AuditPage'), 'AuditPage'),
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/account/AccountPage'), 'AccountPage'),
});
const access = createRoute({
  getParentRoute: () => signedIn,
  path: '/access',
  component: lazyRouteComponent(() => import('../features/access/AccessPage'), 'AccessPage'),
});
const nowhere = createRoute({ getParentRoute: () => signedIn, path: '$', component: NotFound });

const tree = root.addChildren([
  outside.addChildren([signIn, invitation, passwordReset, emailChange]),
  signedIn.addChildren([
    overview,
    live,
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
    writeKeys,
    people,
    organisations,
    keys,
    audit,
    account,
    access,
    nowhere,
  ]),
]);

export function createAppRouter(queries: QueryClient, place: string, history: RouterHistory) {
  return createRouter({
    routeTree: tree,
    basepath: place === '' ? '/' : place,
    context: { queries, place },
    history,
    parseSearch: parseAddress,
    stringifySearch: writeAddress,
    scrollRestoration: true,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
