/**
 * What a person types as an amount, `125 000,50`, as the decimal text the server takes, `125000.50`; null when it is none.
 * It stays text throughout: money never becomes a floating-point number.
 */
export function decimalAmount(typed: string): string | null {
  const plain = typed.replace(/[\s\u00a0\u202f']/g, '').replace(',', '.');
  return /^\d{1,15}(\.\d{1,3})?$/.test(plain) ? plain : null;
}
