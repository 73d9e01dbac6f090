import type { Key, Scope } from '../../api/types';

export type KeyState = 'active' | 'replaced' | 'expired' | 'revoked';

/** Whether a key still works. A replaced one does until its overlap is over. */
export function stateOf({ revoked_at, expires_at, replaced_by }: Key, now: Date): KeyState {
  if (revoked_at) return 'revoked';
  if (expires_at && Date.parse(expires_at) <= now.getTime()) return 'expired';
  return replaced_by ? 'replaced' : 'active';
}

/** The networks that somebody typed: one per line, or with commas or blanks between. */
export function networksIn(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((each) => each !== '');
}

const needs = {
  'usage:read': 'usage.read',
  'statements:read': 'statement.read',
  'events:write': 'event.write',
} as const;

/** The scopes a key of one who may do so much can have. */
export function scopesFor(can: string[]): Key['scopes'] {
  return (Object.keys(needs) as Scope[]).filter((scope) => can.includes(needs[scope]));
}

const dayLength = 86_400_000;

/** When a key of so many days expires; no days are for ever. */
export function expiryIn(days: string, now: Date): string | null {
  return days === '' ? null : new Date(now.getTime() + Number(days) * dayLength).toISOString();
}
