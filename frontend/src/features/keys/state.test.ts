import { expect, it } from 'vitest';
import { key } from '../../testing/keys';
import { networksIn, scopesFor, stateOf } from './state';

const now = new Date('2026-11-21T10:00:00Z');

it('knows whether a key still works', () => {
  expect(stateOf(key(), now)).toBe('active');
  expect(stateOf(key({ expires_at: '2026-11-21T10:00:00Z' }), now)).toBe('expired');
  expect(stateOf(key({ expires_at: '2026-11-22T10:00:00Z', replaced_by: 'b' }), now)).toBe('replaced');
  expect(stateOf(key({ expires_at: '2026-11-20T10:00:00Z', revoked_at: '2026-11-19T10:00:00Z' }), now)).toBe('revoked');
});

it('reads networks as people write them down', () => {
  expect(networksIn(' 192.0.2.0/24, 2001:db8::/32\n198.51.100.7/32 ')).toEqual([
    '192.0.2.0/24',
    '2001:db8::/32',
    '198.51.100.7/32',
  ]);
  expect(networksIn('')).toEqual([]);
});

it('offers no scope that one has not oneself', () => {
  expect(scopesFor(['usage.read', 'key.write'])).toEqual(['usage:read']);
  expect(scopesFor(['statement.read', 'usage.read'])).toEqual(['usage:read', 'statements:read']);
});
