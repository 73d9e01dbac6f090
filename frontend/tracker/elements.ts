import { listen } from './listen';
import { note } from './make';
import { place, within } from './place';
import { part } from './spot';

const playing = new Map<HTMLElement, number>();

function stopped(element: HTMLElement): void {
  const since = playing.get(element);
  playing.delete(element);
  if (since) note('media', { duration_ms: Date.now() - since, props: { item: element.dataset.octavoMedia } });
}

/** Ends the stretches that still play. */
export const stop = (): void => playing.forEach((_, element) => stopped(element));

/** Hears clicks, forms that are sent and media that play. */
export function hear(): void {
  listen(document, 'click', (event) => {
    const element = within(event, 'click') ?? within(event, 'placement');
    if (!element) return;
    const { detail, pageX, pageY } = event as MouseEvent;
    // A key that clicks has no place of its own: it is the element's.
    note('click', { ...place(element, element.dataset.octavoClick), ...(detail && part(pageX, pageY)) });
  });

  listen(document, 'submit', (event) => {
    for (const kind of ['exercise', 'test', 'search']) {
      const form = within(event, kind) as HTMLFormElement | null;
      if (!form) continue;
      const item = form.getAttribute(`data-octavo-${kind}`)!;
      // Of a search, the attribute names the field that holds the words.
      note(kind, kind === 'search' ? { query: form[item].value } : { props: { item } });
    }
  });

  listen(document, 'play pause ended', (event) => {
    const element = within(event, 'media');
    if (element) stopped(element);
    if (element && event.type === 'play') playing.set(element, Date.now());
  });
}
