import { said } from './config';
import { drop, get, names, put } from './store';

const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
/** The browser says it for its reader. */
const refused = doNotTrack === '1' || globalPrivacyControl;

/** Where consent is required, the page has to say on every load that the reader agreed. */
let agreed = said.consent !== 'required';

/** The mark of a withdrawal, which says nothing of the person, outlives the page and holds in all pages of this origin. */
const WITHDRAWN = 'octavo.no';

/** Whether anything may be noted of this reader. */
export const may = (): boolean => !refused && agreed && !get(WITHDRAWN);

/** Nothing is kept of one who refused. What was kept with consent waits while the page has not yet said what holds now. */
export function tidy(): void {
  if (refused || get(WITHDRAWN)) names('octavo.').forEach((name) => name === WITHDRAWN || drop(name));
}

/** What the reader decided. */
export function decide(yes: boolean): void {
  agreed = yes;
  if (yes) drop(WITHDRAWN);
  else put(WITHDRAWN, 1);
  tidy();
}
