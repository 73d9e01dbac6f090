import { placeOf, startOf } from '../api/place';
import type { Session } from '../api/types';

/** The page that was wanted, if it is one of ours: an address of another host must not be smuggled in. */
export function ownPlace(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to) || to.startsWith('/sign-in')) return '/';
  return to;
}

/** The page that was wanted, in one of the organisations of whoever has signed in; else the start of the first. */
export function placeAfterSignIn(
  to: string | undefined,
  { organisation, memberships }: Pick<Session, 'organisation' | 'memberships'>,
): string {
  const wanted = ownPlace(to);
  const place = placeOf(wanted);
  const start = startOf(organisation.slug);
  if (place === '') return start + wanted.slice(1);
  const isOwn = memberships.some((each) => startOf(each.organisation.slug) === `${place}/`);
  return isOwn ? wanted : start;
}
