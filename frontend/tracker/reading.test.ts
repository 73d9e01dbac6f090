import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fresh, NOON } from './testing';

async function opened() {
  const reading = await import('./reading');
  reading.restart();
  reading.look(true);
  return reading;
}

const after = (seconds: number) => vi.advanceTimersByTime(seconds * 1_000);

describe('reading time', () => {
  beforeEach(() => fresh());
  afterEach(() => vi.useRealTimers());

  it('stops a minute after the last touch', async () => {
    const { touch, total } = await opened();
    after(50);
    touch();
    after(600);
    expect(total()).toBe(110_000);
    touch();
    after(5);
    expect(total()).toBe(115_000);
  });

  it('stands still while the page is not looked at', async () => {
    const { look, total } = await opened();
    after(10);
    look(false);
    after(3_600);
    look(true);
    after(10);
    expect(total()).toBe(20_000);
  });

  it('counts who comes back as touching, but not one who merely stays', async () => {
    const { look, total } = await opened();
    after(70);
    look(true);
    after(30);
    expect(total()).toBe(60_000);
    look(false);
    look(true);
    after(30);
    expect(total()).toBe(90_000);
  });

  it('is neither taken away by a clock set back nor given by one set forward', async () => {
    const { total } = await opened();
    after(10);
    expect(total()).toBe(10_000);
    vi.setSystemTime(NOON - 60_000);
    expect(total()).toBe(10_000);
    vi.setSystemTime(NOON + 86_400_000);
    expect(total()).toBeLessThanOrEqual(130_000);
  });

  it('is a day at most', async () => {
    const { MOST, touch, total } = await opened();
    for (let minutes = 0; minutes < 25 * 60; minutes += 1) {
      after(60);
      touch();
    }
    expect(total()).toBe(MOST);
  });

  it('begins at nothing with another page', async () => {
    const { restart, total } = await opened();
    after(30);
    restart();
    after(3);
    expect(total()).toBe(3_000);
  });
});
