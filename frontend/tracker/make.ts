import { said } from './config';
import { may } from './consent';
import type { Fields, Happened } from './event';
import { uuid } from './id';
import { moment } from './moment';
import { add } from './queue';
import { soon } from './sender';
import { session } from './session';

/** What holds for every event: who reads. */
export const common: Fields = { person: said.person, role: said.role as Fields['role'], school: said.school };

/** What holds on the page that is open. */
export const page: { fields: Fields } = { fields: { book: said.book, chapter: said.chapter } };

/** An event of now, or nothing when none may be noted. */
export const make = (kind: string, fields?: Fields): Happened | false =>
  may() && { id: uuid(), at: moment(), kind, session: session(), ...common, ...page.fields, ...fields };

/** Puts an event into the queue. */
export function send(event: Happened | false): void {
  if (event) add(event);
  soon();
}

/** Something happened now. */
export const note = (kind: string, fields?: Fields): void => send(make(kind, fields));
