import { describe, expect, it } from 'vitest';
import { csvAddress, statementCsvAddress, statementsCsvAddress } from './address';

describe('the address of a file', () => {
  it('can name what holds a comma', () => {
    const filters = [{ dimension: 'school', in: ['music:San Jose, CA', 'a "b"'] }];
    const address = csvAddress({ metrics: ['views'], from: '2026-01-01', to: '2026-03-31', filters });
    const value = new URL(address, 'http://octavo.test').searchParams.get('filter.school');
    expect(value).toBe('"music:San Jose, CA","a ""b"""');
  });

  it('asks the same question as the screen', () => {
    const address = csvAddress({
      metrics: ['views', 'readers'],
      dimensions: ['book'],
      grain: 'week',
      from: '2026-01-01',
      to: '2026-03-31',
      filters: [
        { dimension: 'school', in: ['ee:S/1 & 2'] },
        { dimension: 'role', not_in: ['teacher'] },
      ],
      compare: 'previous_period',
      match_weekday: true,
      order: [{ by: 'readers', desc: true }],
      limit: 20,
    });
    expect(Object.fromEntries(new URL(address, 'http://octavo.test').searchParams)).toEqual({
      metrics: 'views,readers',
      dimensions: 'book',
      grain: 'week',
      from: '2026-01-01',
      to: '2026-03-31',
      'filter.school': 'ee:S/1 & 2',
      'not.role': 'teacher',
      compare: 'previous_period',
      match_weekday: 'true',
      order: '-readers',
      limit: '20',
      format: 'csv',
    });
  });

  it('is of the statements that are listed, or of one', () => {
    expect(statementsCsvAddress({ site: 'ee', month: '2026-10' })).toBe(
      '/api/v1/statements?site=ee&month=2026-10&format=csv',
    );
    expect(statementCsvAddress('a/b')).toBe('/api/v1/statements/a%2Fb?format=csv');
  });
});
