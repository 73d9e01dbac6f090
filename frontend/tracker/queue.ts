import { said } from './config';
import type { Happened } from './event';
import { drop, get, names, put } from './store';

/** What is kept at most; beyond it the oldest events go. */
export const MOST_EVENTS = 1_000;
export const MOST_TEXT = 500_000;

/** A request's events in characters: at three bytes each it is within the 64 KB that a closing page may send. */
export const PIECE = 20_000;

const EVENT = 'octavo.e.';
const DRAFT = 'octavo.d.';

/** Events of one write key, in the order of their ids: the names they are kept under, and the body that carries them. */
export type Piece = [names: string[], body: string];

/** An event goes out with the key it was made under, so its name is its id and that key. */
const name = (event: Happened) => event.id + said.key;
const ID = 36;

/** Every event is an entry of its own, so that pages that share the storage never overwrite each other's. */
function keep(name: string, value: string): void {
  drop(DRAFT + name);
  // One that no request could hold would stop all behind it.
  if (value.length > PIECE) return;
  put(EVENT + name, value);
  let size = 0;
  names(EVENT)
    .reverse()
    .forEach((name, at) => {
      size += get(name).length;
      if (at >= MOST_EVENTS || size > MOST_TEXT) drop(name);
    });
}

export const add = (event: Happened): void => keep(name(event), JSON.stringify(event));

/** Keeps what is known of an event that goes on. If nobody renews it `until` then, it is over. */
export const draft = (event: Happened, until: number): void => put(DRAFT + name(event), until + JSON.stringify(event));

/** Puts the drafts of pages that are no more into the queue. */
export function adopt(): void {
  for (const name of names(DRAFT)) {
    const value = get(name);
    if (parseInt(value) < Date.now()) keep(name.slice(DRAFT.length), value.slice(value.indexOf('{')));
  }
}

/** The oldest events but the first `skip`: `most` at most, and no more than a request holds. */
export function piece(most: number, skip = 0): Piece | '' {
  const found: string[] = [];
  let events = '';
  let key = '';
  for (const name of names(EVENT).slice(skip)) {
    const value = get(name);
    const its = name.slice(EVENT.length + ID);
    if (events) {
      if (its !== key || events.length + value.length > PIECE || found.length >= most) break;
      events += ',';
    }
    key = its;
    events += value;
    found.push(name);
  }
  return events && [found, `{"key":"${key}","events":[${events}]}`];
}
