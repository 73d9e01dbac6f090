import { describe, expect, it } from 'vitest';
import { worstOf } from './freshness';

const site = (pending: number) => ({ refreshed_at: null, last_event_at: null, pending });

describe('the freshness of a page', () => {
  it('is that of its oldest answer', () => {
    expect(
      worstOf([
        { as_of: '2026-11-21T07:12:15Z', freshness: { ee: site(0) }, complete: true },
        { as_of: '2026-11-21T09:00:00+02:00', freshness: { ee: site(3), fi: site(4) }, complete: false },
      ]),
    ).toEqual({ asOf: '2026-11-21T09:00:00+02:00', pending: 7, complete: false });
  });

  it('is unknown without answers', () => {
    expect(worstOf([])).toEqual({ asOf: null, pending: 0, complete: true });
  });
});
