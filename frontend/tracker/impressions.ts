import { safely } from './listen';
import { note } from './make';
import { place } from './place';

/** So much of an element has to be in sight, for so long: milliseconds. */
export const SHARE = 0.5;
export const LONG = 1_000;

/** When each element in sight will have been looked at; 0 when that is noted. */
const waiting = new Map<Element, ReturnType<typeof setTimeout> | 0>();

const shown = safely((element: HTMLElement) => {
  if (document.hidden) return;
  waiting.set(element, 0);
  note('impression', place(element, element.dataset.octavoImpression));
});

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, intersectionRatio } of entries) {
      const timer = waiting.get(target);
      clearTimeout(timer);
      if (timer !== 0 && intersectionRatio >= SHARE) waiting.set(target, setTimeout(shown, LONG, target as HTMLElement));
    }
  },
  { threshold: SHARE },
);

const scan = () =>
  document.querySelectorAll('[data-octavo-impression]').forEach((element) => observer.observe(element));

/** Looks for such elements whenever the page has changed. */
export function watch(): void {
  let later: ReturnType<typeof setTimeout>;
  new MutationObserver(() => {
    // Pages change many times at once; to look once is enough.
    clearTimeout(later);
    later = setTimeout(scan, 200);
  }).observe(document, { childList: true, subtree: true });
}

/** Another page view: each element counts again, also one that stays in sight. */
export function anew(): void {
  waiting.forEach((timer) => clearTimeout(timer));
  waiting.clear();
  observer.disconnect();
  scan();
}
