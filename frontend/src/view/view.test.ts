import { describe, expect, it } from 'vitest';
import { estonian } from '../testing/calendars';
import { owner, schoolAdmin } from '../testing/people';
import { parseAddress, readSearch, writeAddress } from './search';
import { ask, isRunning, viewOf, zoneOf } from './view';

describe('the address', () => {
  it('keeps what is understood and drops the rest', () => {
    expect(
      readSearch({ period: '7d', compare: 'previous_year', site: 'ee', grain: 'week', weekday: 'off', q: 7 }),
    ).toEqual({
      period: '7d',
      compare: 'previous_year',
      site: 'ee',
      grain: 'week',
      weekday: 'off',
      q: '7',
    });
    expect(
      readSearch({
        period: 'ever',
        compare: 'x',
        weekday: 'maybe',
        grain: 'minute',
        from: '2026-02-30',
        to: 'x',
        month: '2026-13',
      }),
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

  it('has the terms of one country, and shows the default where there are none', () => {
    const offered = { calendars: [estonian] };
    expect(viewOf({ period: 'term' }, schoolAdmin, offered)).toMatchObject({
      from: '2026-09-01',
      to: '2026-11-21',
      preset: 'term',
      compare: 'same_term_last_year',
      matchWeekday: false,
      grain: 'week',
    });
    expect(viewOf({ period: 'term', site: 'ee' }, owner, offered).preset).toBe('term');
    const everywhere = viewOf({ period: 'term', compare: 'same_term_last_year' }, owner, offered);
    expect(everywhere).toMatchObject({ preset: '28d', compare: 'previous_period' });
    expect(everywhere.presets).not.toContain('term');
  });

  it('keeps a grain only while it makes sense', () => {
    expect(viewOf({ grain: 'hour', period: '7d', site: 'ee' }, owner).grain).toBe('hour');
    expect(viewOf({ grain: 'hour', period: '7d' }, owner).grain).toBe('day');
    expect(viewOf({ grain: 'hour', period: '90d', site: 'ee' }, owner).grain).toBe('week');
  });

  it('runs until its last day is over, by the clock of the country that is shown', () => {
    expect(isRunning({ to: '2026-11-21', today: '2026-11-21' })).toBe(true);
    expect(isRunning({ to: '2026-11-20', today: '2026-11-21' })).toBe(false);
    expect(zoneOf(viewOf({ site: 'ee' }, owner))).toBe('Europe/Tallinn');
    expect(zoneOf(viewOf({}, schoolAdmin))).toBe('Europe/Tallinn');
    expect(zoneOf(viewOf({}, owner))).toBeUndefined();
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
    expect(ask(view, part, { compared: true })).toMatchObject({ compare: 'previous_period', match_weekday: true });
    expect(ask({ ...view, matchWeekday: false }, part, { compared: true })).not.toHaveProperty('match_weekday');
    const alone = ask({ ...view, compare: 'none' }, part, { compared: true });
    expect(alone).not.toHaveProperty('compare');
    expect(alone).not.toHaveProperty('match_weekday');
  });
});
