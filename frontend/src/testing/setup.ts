import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { FakeEventSource } from './FakeEventSource';

window.matchMedia = (query) =>
  ({
    // Wide, light and moving: what a desktop's browser says.
    matches: query.includes('min-width'),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
    onchange: null,
  }) as MediaQueryList;

// The first page of a test is made while other tests keep the machine busy.
configure({ asyncUtilTimeout: 5_000 });

window.scrollTo = () => undefined;
window.EventSource = FakeEventSource as unknown as typeof EventSource;

// A test's page is never left; where it would have gone to is looked up by `left`.
beforeEach(() => {
  FakeEventSource.opened = [];
  vi.spyOn(window.location, 'assign').mockImplementation(() => undefined);
  vi.spyOn(window.location, 'replace').mockImplementation(() => undefined);
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
