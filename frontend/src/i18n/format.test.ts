import { describe, expect, it } from 'vitest';
import { changeOf } from './change';
import { createFormat } from './format';

const en = createFormat('en');
const et = createFormat('et');
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('numbers and dates', () => {
  it('are in the words of the language', () => {
    expect(en.integer(1234567)).toBe('1,234,567');
    expect(plain(et.integer(1234567))).toBe('1 234 567');
    expect(en.money('1234.50', 'EUR')).toBe('€1,234.50');
    expect(plain(et.money('1234.50', 'EUR'))).toBe('1234,50 €');
    expect(en.day('2026-11-21')).toBe('21 Nov 2026');
    expect(en.month('2026-10')).toBe('October 2026');
    expect(et.month('2026-10')).toBe('oktoober 2026');
  });

  it('keep every digit of an amount that no floating-point number holds', () => {
    expect(en.money('90071992547409933.21', 'EUR')).toBe('€90,071,992,547,409,933.21');
  });

  it("are at the site's own time", () => {
    const now = new Date('2026-11-21T10:00:00Z');
    expect(en.time('2026-11-21T07:12:15Z', 'Europe/Tallinn', now)).toBe('09:12');
    expect(en.time('2026-11-20T22:30:00Z', 'Europe/Tallinn', now)).toBe('00:30');
    expect(en.time('2026-11-19T07:12:15Z', 'Europe/Tallinn', now)).toBe('19 Nov, 09:12');
  });
});

describe('a change', () => {
  it('is a direction and a percentage', () => {
    expect(changeOf(120, 100, en)).toEqual({ direction: 'up', percent: '20%' });
    expect(changeOf(80, 100, en)).toEqual({ direction: 'down', percent: '20%' });
    expect(changeOf(100, 100, en)).toEqual({ direction: 'same', percent: '0%' });
    expect(changeOf(9999, 10000, en)).toEqual({ direction: 'down', percent: '0.01%' });
  });

  it('has no percentage on a base of less than 10', () => {
    expect(changeOf(18, 9, en)).toEqual({ direction: 'up', percent: null });
    expect(changeOf(5, 0, en)).toEqual({ direction: 'up', percent: null });
    expect(changeOf(20, 10, en).percent).toBe('100%');
  });
});
