import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uuid } from './id';
import { moment } from './moment';
import { fresh, NOON } from './testing';

describe('an id', () => {
  beforeEach(() => fresh());
  afterEach(() => vi.useRealTimers());

  it('is a UUIDv7 with the time in front', () => {
    const id = uuid();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(NOON);
  });

  it('sorts by time and is never the same', () => {
    const ids = Array.from({ length: 200 }, () => {
      vi.advanceTimersByTime(1);
      return uuid();
    });
    expect([...ids].sort()).toEqual(ids);
    vi.setSystemTime(NOON);
    expect(new Set(Array.from({ length: 2_000 }, uuid)).size).toBe(2_000);
  });
});

describe('a moment', () => {
  beforeEach(() => fresh());
  afterEach(() => vi.useRealTimers());

  it.each([
    ['+03:00', -180, 'GMT+0300 (EEST)', '2026-09-01T12:00:00.000+03:00'],
    ['+00:00', 0, 'GMT+0000 (UTC)', '2026-09-01T09:00:00.000+00:00'],
    ['-03:30', 210, 'GMT-0330 (Newfoundland)', '2026-09-01T05:30:00.000-03:30'],
  ])('has the offset %s of the clock on the wall', (_, west, zone, expected) => {
    vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(west);
    vi.spyOn(Date.prototype, 'toString').mockReturnValue(`Tue Sep 01 2026 00:00:00 ${zone}`);
    expect(moment()).toBe(expected);
    expect(Date.parse(expected)).toBe(NOON);
  });
});
