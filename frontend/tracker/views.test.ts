import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Happened } from './event';
import { fresh } from './testing';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What waits to be sent, in its order. */
const queued = () =>
  Object.entries(localStorage)
    .filter(([name]) => name.startsWith('octavo.e.'))
    .sort()
    .map(([, value]) => JSON.parse(value as string) as Happened);

const drafts = () => Object.keys(localStorage).filter((name) => name.startsWith('octavo.d.'));

function seen(visible: boolean, focused = visible) {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => !visible });
  document.hasFocus = () => focused;
}

async function opened(visible = true) {
  seen(visible);
  vi.stubGlobal('fetch', () => new Promise(() => undefined));
  const all = await import('./views');
  all.look();
  return all;
}

describe('page views', () => {
  beforeEach(() => fresh({ person: 'p1', book: 'b1', chapter: 'one' }));
  afterEach(() => vi.useRealTimers());

  it('are sent when they are over, each once', async () => {
    const { end, tell, turn } = await opened();
    tell({ chapter: 'first' });
    vi.advanceTimersByTime(5 * SECOND);
    expect(queued()).toEqual([]);
    turn();
    tell({ book: 'b2' });
    vi.advanceTimersByTime(7 * SECOND);
    tell({ book: 'b3' });
    end();
    end();
    expect(queued()).toMatchObject([
      { kind: 'page_view', person: 'p1', book: 'b1', chapter: 'first', duration_ms: 5_000 },
      { book: 'b2', duration_ms: 7_000 },
      { book: 'b3', duration_ms: 0 },
    ]);
    expect(queued()[1]).not.toHaveProperty('chapter');
    expect(drafts()).toEqual([]);
  });

  it('begin when the page is first seen', async () => {
    const { end, look } = await opened(false);
    vi.advanceTimersByTime(MINUTE);
    end();
    expect(queued()).toEqual([]);
    seen(true);
    look();
    vi.advanceTimersByTime(2 * SECOND);
    end();
    expect(queued()).toMatchObject([{ chapter: 'one', duration_ms: 2_000 }]);
  });

  it('are over after a long rest, and who comes back begins another', async () => {
    const { end, look, touch } = await opened();
    vi.advanceTimersByTime(40 * MINUTE);
    // To look at it from time to time begins nothing.
    look();
    expect(queued()).toEqual([]);
    touch();
    vi.advanceTimersByTime(3 * SECOND);
    end();
    expect(queued()).toMatchObject([{ duration_ms: 60_000 }, { duration_ms: 3_000 }]);
    expect(queued()[1]!.session).not.toBe(queued()[0]!.session);
  });

  it('leave a draft that says how much was read', async () => {
    const { look } = await opened();
    vi.advanceTimersByTime(10 * SECOND);
    look();
    expect(drafts()).toHaveLength(1);
    vi.advanceTimersByTime(2 * MINUTE);
    const { adopt } = await import('./queue');
    adopt();
    expect(queued()).toMatchObject([{ kind: 'page_view', chapter: 'one', duration_ms: 10_000 }]);
  });

  it('belong to one person', async () => {
    const { end, set } = await opened();
    vi.advanceTimersByTime(4 * SECOND);
    set({ person: 'p2' });
    vi.advanceTimersByTime(6 * SECOND);
    end();
    expect(queued()).toMatchObject([
      { person: 'p1', duration_ms: 4_000 },
      { person: 'p2', duration_ms: 6_000 },
    ]);
    expect(queued()[1]!.session).not.toBe(queued()[0]!.session);
  });
});
