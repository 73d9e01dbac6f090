import { expect, it } from 'vitest';
import { estonian } from '../testing/calendars';
import { alignedEnds, compares, comparesFor, usualCompare, usuallyMatched } from './compares';

const term = { from: '2026-09-01', to: '2026-11-21' };

it('a term is compared only where there is one, and only with what the catalogue offers', () => {
  expect(comparesFor(term, estonian, [...compares])).toEqual([...compares]);
  expect(comparesFor(term, undefined, [...compares])).toEqual(['previous_period', 'previous_year', 'none']);
  expect(comparesFor(term, estonian, [])).toEqual(['none']);
});

it('a term stands beside its like, a school year beside the one before, and all else beside what was just before', () => {
  const offered = [...compares];
  expect(usualCompare('term', offered)).toBe('same_term_last_year');
  expect(usualCompare('last_term', ['previous_period', 'previous_year', 'none'])).toBe('previous_year');
  expect(usualCompare('school_year', offered)).toBe('previous_year');
  expect(usualCompare('28d', offered)).toBe('previous_period');
  expect(usualCompare('custom', ['none'])).toBe('none');
});

it('weekdays are matched where the days just before would be other ones', () => {
  expect(usuallyMatched('previous_period', { from: '2026-11-16', to: '2026-11-18' })).toBe(true);
  expect(usuallyMatched('previous_period', { from: '2026-09-01', to: '2026-10-31' })).toBe(false);
  expect(usuallyMatched('previous_period', { from: '2026-02-01', to: '2026-02-27' })).toBe(true);
  expect(usuallyMatched('previous_year', { from: '2026-11-16', to: '2026-11-18' })).toBe(false);
});

it('the ends of what is compared are cut alike only where the calendar gives it', () => {
  const weeks = { from: '2026-11-02', to: '2026-11-15' };
  const months = { from: '2026-09-01', to: '2026-10-31' };
  expect(alignedEnds('day', weeks, 'previous_year', false)).toBe(true);
  expect(alignedEnds('week', weeks, 'previous_period', false)).toBe(true);
  // A year before, 2 November is a Sunday: the first week would be one day.
  expect(alignedEnds('week', weeks, 'previous_year', false)).toBe(false);
  expect(alignedEnds('week', weeks, 'previous_year', true)).toBe(true);
  expect(alignedEnds('month', months, 'previous_period', false)).toBe(true);
  expect(alignedEnds('month', months, 'previous_period', true)).toBe(false);
  expect(alignedEnds('month', weeks, 'previous_year', false)).toBe(true);
  expect(alignedEnds('term', months, 'previous_year', false)).toBe(false);
});
