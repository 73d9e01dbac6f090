import { address } from './config';
import { may } from './consent';
import { MOST_EVENTS, piece, type Piece } from './queue';
import { drop, get, put } from './store';

/** Events are gathered for so long before they are sent: milliseconds. */
export const GATHER = 3_000;
/** While one page sends, the others of this origin wait for so long at most. */
export const TURN = 30_000;
/** The first pause after a failure; it doubles, up to the longest. */
export const PAUSE = 2_000;
export const LONGEST_PAUSE = 300_000;
/** The longest that one page believes another's word to wait: clocks are set back. */
export const LONGEST_WAIT = 3_600_000;
/** Kept by the collector, or never to be taken. */
const FINAL = [202, 400, 401, 403, 413, 415];

/** Until when no page of this origin sends: milliseconds since 1970. */
const WAIT = 'octavo.wait';

let timer: ReturnType<typeof setTimeout> | 0 = 0;
/** After a failure nothing is sent before, unless the page wishes so. */
let notBefore = 0;
let sending = false;
let most = MOST_EVENTS;
let failures = 0;

/** Milliseconds until a page of this origin may send: one of them is sending, or the collector asked to wait. */
function wait(): number {
  const left = +get(WAIT) - Date.now();
  return left > 0 && left <= LONGEST_WAIT ? left : 0;
}

/** Sends what waits in `after` milliseconds, or when that was to be done anyway. */
export function soon(after = GATHER): void {
  timer ||= setTimeout(send, Math.max(after, notBefore - Date.now()));
}

/** Sends now what waits, unless the collector asked to wait; an earlier failure is forgotten, the connection may be new. */
export function flush(): void {
  notBefore = 0;
  void send();
}

/** Sends the oldest piece, forgets what the collector keeps or will never take, and goes on until nothing is left. */
async function send(): Promise<void> {
  clearTimeout(timer);
  timer = 0;
  const next = piece(most);
  if (sending || !next || !may()) return;
  const left = wait();
  if (left) return soon(left + Math.random() * 1_000);

  const [names, body] = next;
  let asked = 0;
  let settled = false;
  sending = true;
  put(WAIT, Date.now() + TURN);
  try {
    // A text, so that the browser need not ask first, and without cookies; kept alive, so that it arrives when the page goes.
    const { status, headers } = await fetch(address, { method: 'POST', body, keepalive: true });
    asked = +headers.get('retry-after')! * 1_000 || 0;
    settled = FINAL.includes(status);
    if (status === 413 && names[1]) most = names.length >> 1;
    else if (settled) names.forEach(drop);
  } catch {
    // No connection, or no answer.
  }
  sending = false;
  const pause = Math.min(PAUSE * 2 ** failures, LONGEST_PAUSE) * (1 - Math.random() / 2);
  failures = settled ? 0 : failures + 1;
  if (asked && may()) put(WAIT, Date.now() + asked);
  else drop(WAIT);
  // The part that is random keeps apart the browsers that were told to wait at once.
  notBefore = settled ? 0 : Date.now() + asked + pause;
  soon(0);
}

/** Hands everything to the browser, because the page goes. It stays in the queue: nobody will tell whether it arrived. */
export function part(): void {
  if (!may() || (wait() && !sending)) return;
  drop(WAIT);
  let next: Piece | '';
  let handed = 0;
  while ((next = piece(most, handed)) && navigator.sendBeacon(address, next[1])) handed += next[0].length;
}
