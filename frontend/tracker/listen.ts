/** What the tracker does never throws into the page. */
export const safely =
  <A extends unknown[]>(act: (...args: A) => unknown) =>
  (...args: A): void => {
    try {
      act(...args);
    } catch {
      // The page is not ours to trouble.
    }
  };

/** Hears the events of these names, wherever below `target` they happen. */
export function listen(target: EventTarget, names: string, act: (event: Event) => unknown): void {
  for (const name of names.split(' ')) target.addEventListener(name, safely(act), true);
}
