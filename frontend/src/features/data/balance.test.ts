import { describe, expect, it } from 'vitest';
import { balances, together } from './balance';
import { silentFor } from './logs';
import { written } from './record';
import { perThousand, through } from './steps';

const flow = { sent: 10, loaded: 7, duplicate: 1, quarantined: 1, skipped: 1 };

describe('what comes in', () => {
  it('balances when every record is accounted for, and none twice', () => {
    expect(balances(flow)).toBe(true);
    expect(balances({ ...flow, sent: 11 })).toBe(false);
    expect(balances({ ...flow, duplicate: 2 })).toBe(false);
    for (const fate of ['loaded', 'duplicate', 'quarantined', 'skipped'] as const)
      expect(balances({ ...flow, [fate]: 0 }), fate).toBe(false);
  });

  it('is added up over the sites', () => {
    expect(together([flow, { ...flow, sent: 3, loaded: 0 }])).toEqual({
      sent: 13,
      loaded: 7,
      duplicate: 2,
      quarantined: 2,
      skipped: 2,
    });
    expect(balances(together([]))).toBe(true);
  });

  it('has steps whose time is told for a thousand events that went through', () => {
    const steps = [
      { changed: 0, refused: 2 },
      { changed: 498, refused: 2 },
    ];
    expect(through(steps)).toBe(500);
    expect(perThousand(250, through(steps))).toBe(500);
    expect(perThousand(0, through([]))).toBeUndefined();
  });

  it('has a log that nobody reads when it was not noted for more than a minute', () => {
    const log = { noted_at: '2026-11-21T07:00:00Z' };
    expect(silentFor(log, '2026-11-21T07:01:00Z')).toBeUndefined();
    expect(silentFor(log, '2026-11-21T07:01:01Z')).toBe(1);
    expect(silentFor(log, '2026-11-21T09:00:30Z')).toBe(120);
  });

  it('has records that are read line by line where they are JSON', () => {
    expect(written('{"form":"native","record":{"kind":"click"}}')).toContain('\n    "kind": "click"\n');
    expect(written('kind;person')).toBe('kind;person');
  });
});
