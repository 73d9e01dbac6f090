import type { Fields, Happened } from './event';
import { common, make, page, send } from './make';
import { draft } from './queue';
import { look as looked, looking, restart, total, touch as touched, touched as last } from './reading';
import { anew } from './impressions';
import { REST, SESSION } from './session';
import { drop } from './store';

/** A page that can be seen renews its draft more often than this; one that did not is no more: milliseconds. */
export const SILENCE = 60_000;

let view: Happened | false = false;
/** The page has said what it is. */
let told = false;
/** The site that led here; it led to the first page only. */
let from: string | undefined = document.referrer.split('/')[2];
if (from === location.host) from = undefined;

const timed = () => ({ ...(view as Happened), duration_ms: total() });

/** A view begins when its page is first seen. */
function begin(): void {
  if (document.hidden) return;
  const campaign = new URLSearchParams(location.search).get('utm_campaign') ?? undefined;
  view = make('page_view', { campaign, referrer: from });
  if (!view) return;
  from = undefined;
  restart();
  anew();
}

/** The view is over: it goes into the queue. */
export function end(): void {
  if (view) send(timed());
  discard();
}

/** Nothing of the running view is kept. */
export function discard(): void {
  view = false;
}

/** The reader moved on to another page, of which nothing is known yet. */
export function turn(): void {
  end();
  page.fields = {};
  told = false;
  begin();
}

/** What is known from now on holds for the running view too. */
function amend(known: Fields, fields?: Fields): void {
  Object.assign(known, fields);
  if (view) Object.assign(view, fields);
  else begin();
}

/** The page says what it is: of the view that began by itself, or else a new one begins. */
export function tell(fields?: Fields): void {
  if (told) {
    end();
    page.fields = {};
  }
  told = true;
  amend(page.fields, fields);
}

/** Who reads, from now on and in the running view; with another person another view and another visit begin. */
export function set(fields: Fields): void {
  if ('person' in fields && common.person && fields.person !== common.person) {
    end();
    drop(SESSION);
  }
  amend(common, fields);
}

/** One who was away for long begins another view. */
function back(): void {
  if (view && Date.now() - last > REST) end();
  if (!view) begin();
}

/** Looks whether the page is seen and has the focus, and keeps what was read so far, should the page crash. */
export function look(): void {
  const on = !document.hidden && document.hasFocus();
  if ((on && !looking) || !view) back();
  looked(on);
  if (view) draft(timed(), Date.now() + (document.hidden ? REST : SILENCE));
}

/** Input or scrolling. */
export function touch(): void {
  back();
  touched();
}
