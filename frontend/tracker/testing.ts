import { vi } from 'vitest';

/** The snippet's element, as it stands while the script runs. */
export function snippet(attributes: Record<string, string> = {}): void {
  const script = document.createElement('script');
  script.setAttribute('src', 'https://collect.example/octavo.js');
  Object.assign(script.dataset, { key: 'wk', ...attributes });
  Object.defineProperty(document, 'currentScript', { configurable: true, get: () => script });
}

/** An hour of a school day; clocks of tests start at it. */
export const NOON = Date.UTC(2026, 8, 1, 9);

/** A storage that lets names be set, deleted and listed as browsers do. */
function storage(): Storage {
  const methods = {
    getItem: (name: string) => (kept as Record<string, string>)[name] ?? null,
    setItem: (name: string, value: string) => Object.assign(kept, { [name]: value }),
    clear: () => Object.keys(kept).forEach((name) => delete (kept as Record<string, string>)[name]),
  };
  const kept = Object.create(methods) as Storage;
  return kept;
}

/** A browser that has just opened a page: nothing kept, no module loaded, the clock at `NOON`. */
export function fresh(attributes: Record<string, string> = {}): void {
  vi.resetModules();
  vi.useFakeTimers({ now: NOON });
  vi.stubGlobal('localStorage', storage());
  snippet(attributes);
}
