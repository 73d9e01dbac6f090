import { uuid } from './id';
import { get, put } from './store';

/** After so long without a reader a visit and a page view are over, and who comes back begins another: milliseconds. */
export const REST = 1_800_000;

/** Where the visit's id is kept, and when it was used last. */
export const SESSION = 'octavo.s';

/** The id of the visit that goes on, in whatever pages of this origin. */
export function session(): string {
  const [id, last] = get(SESSION).split(' ');
  const current = Date.now() - +last! < REST ? id! : uuid();
  put(SESSION, `${current} ${Date.now()}`);
  return current;
}
