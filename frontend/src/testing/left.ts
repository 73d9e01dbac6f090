import { vi } from 'vitest';

/** The addresses to which the page would have been left. */
export function left(): string[] {
  const { assign, replace } = window.location;
  return [assign, replace].flatMap((way) => vi.mocked(way).mock.calls.map(([address]) => String(address)));
}
