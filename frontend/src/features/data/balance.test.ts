import { expect, it } from 'vitest';
import { balances } from './balance';

it('balances when every event is accounted for', () => {
  expect(balances({ received: 10, loaded: 7, duplicate: 1, quarantined: 1, skipped: 1 })).toBe(true);
  expect(balances({ received: 11, loaded: 7, duplicate: 1, quarantined: 1, skipped: 1 })).toBe(false);
});
