import { expect, it } from 'vitest';
import { decimalAmount } from './amount';

it('takes an amount as people write it and leaves it text', () => {
  expect(decimalAmount('125000')).toBe('125000');
  expect(decimalAmount('125 000,50')).toBe('125000.50');
  expect(decimalAmount(' 0.10 ')).toBe('0.10');
  for (const wrong of ['', '-5', '1.2.3', 'abc', '1e5', '1,000,000']) expect(decimalAmount(wrong)).toBeNull();
});
