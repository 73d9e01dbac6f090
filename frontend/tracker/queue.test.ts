import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuid } from './id';
import { fresh, NOON } from './testing';

const event = (fields = {}) => {
  vi.advanceTimersByTime(1);
  return { id: uuid(), at: '2026-09-01T12:00:00+03:00', kind: 'click', ...fields };
};

const idsIn = (body: string) => (JSON.parse(body) as { events: { id: string }[] }).events.map(({ id }) => id);

describe('the queue', () => {
  beforeEach(() => fresh());
  afterEach(() => vi.useRealTimers());

  it('gives the events in their order, in the envelope of their key', async () => {
    const { add, piece } = await import('./queue');
    const events = [event(), event(), event()];
    [...events].reverse().forEach(add);
    const [names, body] = piece(1_000) || [[], ''];
    expect(JSON.parse(body)).toEqual({ key: 'wk', events });
    expect(names).toHaveLength(3);
    expect(idsIn((piece(2) || [[], ''])[1])).toHaveLength(2);
  });

  it('survives a reload, and sends what was made under another key with that key', async () => {
    const first = await import('./queue');
    const one = event();
    first.add(one);
    vi.resetModules();
    const { snippet } = await import('./testing');
    snippet({ key: 'other' });
    const { add, piece } = await import('./queue');
    const two = event();
    add(two);
    expect(JSON.parse((piece(1_000) || [[], ''])[1])).toEqual({ key: 'wk', events: [one] });
    expect(JSON.parse((piece(1_000, 1) || [[], ''])[1])).toEqual({ key: 'other', events: [two] });
  });

  it('keeps a thousand events: the oldest go', async () => {
    const { add, MOST_EVENTS, piece } = await import('./queue');
    const { names } = await import('./store');
    const events = Array.from({ length: MOST_EVENTS + 2 }, () => event());
    events.forEach(add);
    expect(names('octavo.e.')).toHaveLength(MOST_EVENTS);
    expect(idsIn((piece(1) || [[], ''])[1])).toEqual([events[2]!.id]);
  });

  it('keeps so many characters, and nothing that no request could hold', async () => {
    const { add, MOST_TEXT, PIECE } = await import('./queue');
    const { get, names } = await import('./store');
    add(event({ query: 'x'.repeat(PIECE) }));
    expect(names('octavo.')).toEqual([]);
    for (let at = 0; at < 40; at += 1) add(event({ query: 'x'.repeat(PIECE - 200) }));
    const size = names('octavo.e.').reduce((sum, name) => sum + get(name).length, 0);
    expect(size).toBeLessThanOrEqual(MOST_TEXT);
    expect(size).toBeGreaterThan(MOST_TEXT - PIECE);
  });

  it('cuts pieces that a closing page may send, whatever the alphabet', async () => {
    const { add, piece } = await import('./queue');
    for (let at = 0; at < 30; at += 1) add(event({ query: '読'.repeat(1_500) }));
    let given = 0;
    for (let next = piece(1_000); next; next = piece(1_000, given)) {
      expect(new Blob([next[1]]).size).toBeLessThan(65_536);
      given += next[0].length;
    }
    expect(given).toBe(30);
  });

  it('takes up a draft when its page has been silent for long enough, once', async () => {
    const { add, adopt, draft, piece } = await import('./queue');
    const view = event({ kind: 'page_view', duration_ms: 4_000 });
    draft(view, NOON + 60_000);
    adopt();
    expect(piece(1_000)).toBeFalsy();
    vi.setSystemTime(NOON + 60_001);
    adopt();
    // Its page was only asleep, and ends the view too.
    add({ ...view, duration_ms: 9_000 });
    const { events } = JSON.parse((piece(1_000) || [[], ''])[1]) as { events: unknown[] };
    expect(events).toEqual([{ ...view, duration_ms: 9_000 }]);
    expect(Object.keys(localStorage).filter((name) => name.startsWith('octavo.d.'))).toEqual([]);
  });

  it('lives in memory where the storage is denied', async () => {
    const denied = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: denied });
    const { add, piece } = await import('./queue');
    add(event());
    expect(piece(1_000)).toBeTruthy();
  });
});
