import { describe, expect, it } from 'vitest';
import { owner } from '../testing/people';
import { parseAddress, readSearch, writeAddress } from './search';
import { ask, grainFor, viewOf } from './view';

describe('the address', () => {
  it('keeps what is understood and drops the rest', () => {
    expect(readSearch({ period: '7d', compare: 'previous_year', site: 'ee', grain: 'week', q: 7 })).toEqual({
      period: '7d',
      compare: 'previous_year',
      site: 'ee',
      grain: 'week',
      q: '7',
    });
    expect(
      readSearch({ period: 'ever', compare: 'x', grain: 'hour', from: '2026-02-30', to: 'x', month: '2026-13' }),
    ).toEqual({});
    expect(readSearch({ from: '2026-03-01', to: '2026-02-01' })).toEqual({});
    expect(readSearch({ from: '2026-01-01', to: '2026-02-01', period: '7d' })).toEqual({
      from: '2026-01-01',
      to: '2026-02-01',
    });
  });

  it('is plain words both ways', () => {
    const written = writeAddress({ site: 'ee', q: 'a & b/ü', month: undefined });
    expect(written).toBe('?site=ee&q=a+%26+b%2F%C3%BC');
    expect(parseAddress(written)).toEqual({ site: 'ee', q: 'a & b/ü' });
    expect(writeAddress({})).toBe('');
  });
});

describe('the view', () => {
  it("is the last 28 days by the sites' own date unless the address says otherwise", () => {
    expect(viewOf({}, owner)).toMatchObject({
      from: '2026-10-25',
      to: '2026-11-21',
      preset: '28d',
      compare: 'previous_period',
      grain: 'day',
      site: undefined,
    });
    const [estonia, finland] = owner.sites;
    if (!estonia || !finland) throw new Error('two sites');
    const sites = [estonia, { ...finland, today: '2026-11-22' }];
    expect(viewOf({}, { sites }).to).toBe('2026-11-22');
    expect(viewOf({ site: 'ee' }, { sites }).to).toBe('2026-11-21');
  });

  it('takes coarser periods for longer ranges', () => {
    expect(grainFor({ from: '2026-11-01', to: '2026-11-28' })).toBe('day');
    expect(grainFor({ from: '2026-09-01', to: '2026-11-21' })).toBe('week');
    expect(grainFor({ from: '2025-11-22', to: '2026-11-21' })).toBe('month');
  });

  it('asks with its range and site, and compares only where that is wanted', () => {
    const view = viewOf({ site: 'ee' }, owner);
    const part = { metrics: ['views'], filters: [{ dimension: 'book', in: ['1'] }] };
    expect(ask(view, part)).toEqual({
      metrics: ['views'],
      from: '2026-10-25',
      to: '2026-11-21',
      filters: [
        { dimension: 'site', in: ['ee'] },
        { dimension: 'book', in: ['1'] },
      ],
    });
    expect(ask(view, part, { compared: true })).toHaveProperty('compare', 'previous_period');
    expect(ask({ ...view, compare: 'none' }, part, { compared: true })).not.toHaveProperty('compare');
  });
});
