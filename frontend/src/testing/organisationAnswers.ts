import type { Access, AccountDetails, AuditEntry, Invitation, Member, Session, SignedInBrowser } from '../api/types';
import { key } from './keys';
import { organisation } from './organisations';

export const account: AccountDetails = {
  id: 'id of owner',
  email: 'owner@example.org',
  name: 'owner',
  language: 'en',
  has_password: true,
  two_factor: { on: false, recovery_codes_left: 0 },
  identities: [{ provider: 'harid', title: 'HarID' }],
  limits: { idle_minutes: 120, absolute_hours: 12 },
};

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const chrome =
  'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Mobile Safari/537.36';

export const browsers: SignedInBrowser[] = [
  { id: 'b1', current: true, from: '192.0.2.1', agent: firefox, method: 'password' },
  { id: 'b2', current: false, from: '198.51.100.7', agent: chrome, method: 'harid' },
].map((each) => ({ ...each, started_at: '2026-11-20T08:00:00Z', last_seen_at: '2026-11-21T07:00:00Z' }));

export function member(account: string, rest: Partial<Member> = {}): Member {
  return {
    account,
    email: `${account}@example.org`,
    name: account,
    role: 'school_admin',
    about: null,
    valid_until: null,
    active: true,
    two_factor: false,
    last_seen_at: null,
    from_provider: null,
    ...rest,
  };
}

export const invitation: Invitation = {
  id: 'i1',
  email: 'new@example.org',
  role: 'school_admin',
  about: null,
  invited_by: 'Mari Maasikas',
  created_at: '2026-11-20T08:00:00Z',
  expires_at: '2026-11-27T08:00:00Z',
  state: 'open',
};

export const entry: AuditEntry = {
  id: 42,
  at: '2026-11-21T07:00:00Z',
  action: 'key_made',
  actor: 'mari@example.org',
  via: 'session',
  organisation: 'Tallinn School 1',
  subject: 'oct_1234',
  rule: 'the role permits it',
  outcome: 'done',
  from: '192.0.2.1',
  request: 'req-7',
  detail: { scopes: ['usage:read'] },
};

export function accessOf(session: Session, metric: string | null): Access {
  return {
    account: session.account,
    organisation: session.organisation,
    role: session.role,
    rule: 'A school head sees the rows of the schools that the organisation is about.',
    lens: session.lens,
    rows: { kind: 'schools', items: [{ code: 'ee:S001', name: 'Tallinn School 1' }], total: 3 },
    actions: [
      { action: 'usage.read', allowed: true, because: 'the role permits it' },
      { action: 'pool.write', allowed: false, because: 'this action is not part of the role' },
    ],
    metric:
      metric === null
        ? null
        : { name: metric, title: metric, definition: 'Pages.', allowed: true, because: 'it is offered' },
    sources: [
      { site: 'ee', name: 'Estonia', refreshed_at: '2026-11-21T07:12:15Z', last_event_at: null, last_load_at: null },
    ],
    keys: [{ prefix: 'oct_1234', name: 'Nightly pull', scopes: ['usage:read'] }],
  };
}

const people = {
  members: [member('mari', { name: 'Mari Maasikas', two_factor: true }), member('jaan')],
  invitations: [invitation],
};
const octavo = organisation('octavo', {
  name: 'The organisation',
  about: [{ code: 'ee:S001', name: 'Tallinn School 1' }],
});

/** What the server answers about the organisation and the account, by path. */
export const organisationAnswers: Record<string, unknown> = {
  '/api/v1/account': account,
  '/api/v1/account/sessions': { items: browsers },
  '/api/v1/identity-providers': { items: [{ slug: 'harid', title: 'HarID' }] },
  '/api/v1/organisations': { items: [octavo, organisation('s1', { name: 'School 1', parent: 'octavo' })], total: 2 },
  '/api/v1/organisations/octavo': octavo,
  '/api/v1/organisations/octavo/people': people,
  '/api/v1/keys': { items: [key()] },
  '/api/v1/audit': { items: [entry], next: null },
};
