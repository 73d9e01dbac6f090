import type { Catalog, Session } from '../api/types';

export type Page = '/' | '/schools' | '/books' | '/publishers' | '/statements' | '/pools' | '/data';

/** The pages of the one who is signed in, mirroring the server's policy: a page is offered when its action is. */
export function pagesOf(session: Session, catalog: Catalog | undefined): Page[] {
  const can = (action: string) => session.can.includes(action);
  const splits = (dimension: string) => catalog?.dimensions.some((each) => each.name === dimension) ?? false;
  const lists = can('reference.read') && can('usage.read') && session.lens === 'exact';
  const offered: [Page, boolean][] = [
    ['/', can('usage.read')],
    ['/schools', lists && splits('school') && session.home?.dimension !== 'school'],
    ['/books', lists && splits('book')],
    ['/publishers', lists && splits('publisher') && session.role === 'owner'],
    ['/statements', can('statement.read')],
    ['/pools', can('pool.read')],
    ['/data', can('load.read')],
  ];
  return offered.filter(([, may]) => may).map(([page]) => page);
}
