import { decide, may, tidy } from './consent';
import { hear, stop } from './elements';
import { watch } from './impressions';
import { listen, safely } from './listen';
import { note } from './make';
import { adopt } from './queue';
import { flush, part, soon } from './sender';
import { discard, end, look, set, tell, touch, turn } from './views';

type Call = [name: string, ...args: unknown[]];

interface Octavo {
  (...call: Call): void;
  /** Calls made before the tracker was loaded. */
  q?: Iterable<Call>;
  /** The tracker is loaded. */
  on?: boolean;
}

declare global {
  interface Window {
    octavo?: Octavo;
  }
}

/** A view's draft is renewed so often, and those of pages that are no more are looked for: milliseconds. */
export const BEAT = 10_000;

/** The page goes; what comes after was handed over already. */
let gone = false;

function beat(): void {
  if (document.hidden || !may()) return;
  look();
  adopt();
  soon();
}

/** `octavo(name, …)`. */
const calls: Record<string, (...args: never[]) => void> = {
  page: tell,
  event: note,
  set,
  flush,
  consent: (yes: boolean) => {
    decide(yes);
    if (yes) set({ consent: 'analytics' });
    else discard();
  },
};

const octavo: Octavo = safely((name: string, ...args: unknown[]) => calls[name]?.(...(args as never[])));
const before = window.octavo?.q ?? [];
octavo.on = true;
window.octavo = octavo;
tidy();
// What the page said before comes first, so that the first view has its fields, and nothing is noted without consent.
for (const call of before) octavo(...call);

hear();
watch();
listen(window, 'pointerdown pointermove keydown scroll', touch);
listen(window, 'focus blur pageshow', () => {
  gone = false;
  look();
});
listen(document, 'visibilitychange', () => {
  look();
  if (document.hidden && !gone) flush();
});
listen(window, 'pagehide', () => {
  gone = true;
  stop();
  end();
  part();
});
// The reader may have withdrawn in another page.
listen(window, 'storage', () => may() || discard());

let { pathname } = location;
const moved = safely(() => {
  if (pathname === location.pathname) return;
  pathname = location.pathname;
  turn();
});
for (const name of ['pushState', 'replaceState'] as const) {
  const original = history[name];
  history[name] = function (...args) {
    original.apply(this, args);
    moved();
  };
}
listen(window, 'popstate', moved);
listen(window, 'online', flush);

setInterval(safely(beat), BEAT);
beat();
