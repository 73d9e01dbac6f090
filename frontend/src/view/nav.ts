import type { Catalog, Session } from '../api/types';

export type NumberPage = '/' | '/live' | '/schools' | '/books' | '/publishers' | '/statements' | '/pools' | '/data' | '/write-keys';
export type OrganisationPage = '/people' | '/organisations' | '/keys' | '/audit';
export type OwnPage = '/account' | '/access';
export type Page = NumberPage | OrganisationPage | OwnPage;

function among<P extends Page>(offered: [P, boolean][]): P[] {
  return offered.filter(([, may]) => may).map(([page]) => page);
}

/** The pages of the one who is signed in, mirroring the server's policy: a page is offered when its action is. */
export function pagesOf(session: Session, catalog: Catalog | undefined): NumberPage[] {
  const can = (action: string) => session.can.includes(action);
  const splits = (dimension: string) => catalog?.dimensions.some((each) => each.name === dimension) ?? false;
  const lists = can('reference.read') && can('usage.read') && session.lens === 'exact';
  return among([
    ['/', can('usage.read')],
    // Protected numbers are of whole months: there is no present in them.
    ['/live', can('usage.read') && session.lens === 'exact'],
    ['/schools', lists && splits('school') && session.home?.dimension !== 'school'],
    ['/books', lists && splits('book')],
    ['/publishers', lists && splits('publisher') && session.role === 'owner'],
    ['/statements', can('statement.read')],
    ['/pools', can('pool.read')],
    ['/data', can('load.read')],
    ['/write-keys', can('load.read')],
  ]);
}

/** A school and an imprint stand at the foot of the tree: nothing is below them to be listed. */
const atTheFoot = ['school', 'publisher'];

/** The pages about the organisation itself: who is in it, what may ask for it, and what was done. */
export function organisationPagesOf(session: Session): OrganisationPage[] {
  const can = (action: string) => session.can.includes(action);
  return among([
    ['/people', can('people.read')],
    ['/organisations', can('organisation.read') && !atTheFoot.includes(session.organisation.kind)],
    ['/keys', can('key.read')],
    ['/audit', can('audit.read')],
  ]);
}

/** The pages about oneself. Whoever looks as somebody else does not look after that person's account. */
export function ownPagesOf(session: Session): OwnPage[] {
  return among([
    ['/account', !session.viewing],
    ['/access', session.can.includes('access.read')],
  ]);
}
