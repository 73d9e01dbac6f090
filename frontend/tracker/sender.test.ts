import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuid } from './id';
import { fresh } from './testing';

type Reply = number | [status: number, retryAfter: string] | 'no connection';

/** A collector that answers so, one after the other, and then always with 202; what was sent to it, as lists of ids. */
function collector(...replies: Reply[]) {
  const got: string[][] = [];
  vi.stubGlobal('fetch', (_: URL, { body }: { body: string }) => {
    got.push((JSON.parse(body) as { events: { id: string }[] }).events.map(({ id }) => id));
    const reply = replies.shift() ?? 202;
    if (reply === 'no connection') return Promise.reject(new TypeError('Failed to fetch'));
    const [status, after] = Array.isArray(reply) ? reply : [reply, ''];
    return Promise.resolve({ status, headers: new Headers(after ? { 'retry-after': after } : {}) });
  });
  return got;
}

async function started(count: number) {
  const { add } = await import('./queue');
  const ids = Array.from({ length: count }, () => {
    vi.advanceTimersByTime(1);
    return uuid();
  });
  ids.forEach((id) => add({ id, at: '', kind: 'click' }));
  const kept = () => Object.keys(localStorage).filter((name) => name.startsWith('octavo.e.')).length;
  return { ids, kept, ...(await import('./sender')) };
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

describe('the sender', () => {
  beforeEach(() => {
    fresh();
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => vi.useRealTimers());

  it('gathers, sends, and forgets what the collector keeps', async () => {
    const got = collector();
    const { GATHER, ids, kept, soon } = await started(3);
    soon();
    soon();
    await pass(GATHER - 1);
    expect(got).toEqual([]);
    await pass(1);
    expect(got).toEqual([ids]);
    expect(kept()).toBe(0);
    expect(localStorage.getItem('octavo.wait')).toBeNull();
  });

  it('tries again with the same ids, after pauses that double', async () => {
    const got = collector('no connection', 500, 'no connection');
    const { flush, ids, kept, PAUSE, soon } = await started(2);
    flush();
    await pass(0);
    for (const [tries, pause] of [PAUSE, 2 * PAUSE, 4 * PAUSE].entries()) {
      // What happens meanwhile hurries nothing.
      soon();
      await pass(pause - 1);
      expect(got).toHaveLength(tries + 1);
      await pass(1);
      expect(got).toHaveLength(tries + 2);
    }
    expect(got).toEqual([ids, ids, ids, ids]);
    expect(kept()).toBe(0);
  });

  it.each([429, 503])('waits as long as a %i asks, on every page of the origin', async (status) => {
    const got = collector([status, '30']);
    const { flush } = await started(1);
    flush();
    await pass(0);
    vi.resetModules();
    const other = await import('./sender');
    other.flush();
    flush();
    other.part();
    await pass(29_999);
    expect(got).toHaveLength(1);
    await pass(3_000);
    expect(got).toHaveLength(2);
    expect(got[1]).toEqual(got[0]);
  });

  it.each([400, 401, 403, 415])('never tries again what was refused with %i', async (status) => {
    const got = collector(status);
    const { flush, kept } = await started(2);
    flush();
    await pass(600_000);
    expect(got).toHaveLength(1);
    expect(kept()).toBe(0);
  });

  it('halves what is too large, and drops the one event that is', async () => {
    const got = collector(413, 413, 413);
    const { flush, ids, kept } = await started(4);
    flush();
    await pass(60_000);
    expect(got).toEqual([ids, ids.slice(0, 2), [ids[0]], [ids[1]], [ids[2]], [ids[3]]]);
    expect(kept()).toBe(0);
  });

  it('sends at once when the connection is back', async () => {
    const got = collector('no connection', 'no connection', 'no connection', 'no connection');
    const { flush } = await started(1);
    flush();
    await pass(20_000);
    expect(got).toHaveLength(4);
    flush();
    await pass(0);
    expect(got).toHaveLength(5);
  });

  it('lets one page send at a time, and does not wait for one that is no more', async () => {
    const got = collector();
    const { flush, TURN } = await started(1);
    localStorage.setItem('octavo.wait', `${Date.now() + TURN}`);
    flush();
    await pass(TURN - 1);
    expect(got).toHaveLength(0);
    await pass(1_001);
    expect(got).toHaveLength(1);
  });

  it('hands all pieces to the browser when the page goes, and forgets none', async () => {
    const beacons: string[] = [];
    Object.defineProperty(navigator, 'sendBeacon', {
      configurable: true,
      value: (_: URL, body: string) => beacons.push(body) < 3,
    });
    const { add } = await import('./queue');
    for (let at = 0; at < 10; at += 1) add({ id: uuid(), at: '', kind: 'search', query: 'x'.repeat(9_000) });
    const { kept, part } = await started(0);
    part();
    expect(beacons).toHaveLength(3);
    expect(new Set(beacons).size).toBe(3);
    expect(kept()).toBe(10);
  });
});
