import type { Catalog, Session } from '../api/types';
import { estonian } from './calendars';
import { compares } from '../view/compares';
import { grains } from '../view/dates';

const estonia = {
  code: 'ee',
  name: 'Estonia',
  zone: 'Europe/Tallinn',
  currency: 'EUR',
  locale: 'et-EE',
  today: '2026-11-21',
};
const finland = {
  code: 'fi',
  name: 'Finland',
  zone: 'Europe/Helsinki',
  currency: 'EUR',
  locale: 'fi-FI',
  today: '2026-11-21',
};

const kinds: Record<string, string> = { school_admin: 'school', publisher: 'publisher', official: 'county' };

/** What any member does for the organisation. */
export const ofMembers = [
  'organisation.read',
  'organisation.secure',
  'people.read',
  'people.write',
  'key.read',
  'key.write',
  'audit.read',
  'access.read',
  'account.write',
];

function person(role: Session['role'], rest: Partial<Session>): Session {
  const organisation = { slug: 'octavo', name: `The ${role}`, kind: kinds[role] ?? 'owner' };
  return {
    account: {
      id: `id of ${role}`,
      email: `${role}@example.org`,
      name: role,
      language: 'en',
      two_factor: false,
      has_password: true,
    },
    role,
    organisation,
    memberships: [{ organisation, role }],
    needs: null,
    viewing: null,
    lens: 'exact',
    sites: [estonia, finland],
    home: null,
    can: ['usage.read', 'reference.read', ...ofMembers],
    ...rest,
  };
}

export const owner = person('owner', {
  can: [
    'usage.read',
    'reference.read',
    'statement.read',
    'pool.read',
    'pool.write',
    'load.read',
    'load.write',
    ...ofMembers,
    'organisation.write',
    'account.switch',
    'view_as',
  ],
});

export const schoolAdmin = person('school_admin', {
  sites: [estonia],
  home: { dimension: 'school', code: 'ee:S001', name: 'Tallinn School 1' },
});

export const publisher = person('publisher', {
  can: ['usage.read', 'reference.read', 'statement.read', ...ofMembers],
  home: { dimension: 'publisher', code: 'alma', name: 'Alma' },
});

export const official = person('official', {
  sites: [estonia],
  lens: 'protected',
  home: { dimension: 'region', code: 'ee:harju', name: 'Harju' },
});

export const operator = person('operator', {
  can: ['load.read', 'organisation.read', 'people.read', 'access.read', 'account.write', 'view_as'],
});

const units: Record<string, string> = {
  views: 'views',
  readers: 'persons',
  pupils_active: 'persons',
  teachers_active: 'persons',
  active: 'persons',
  minutes: 'minutes',
  exercises: 'exercises',
  schools: 'schools',
  minutes_per_reader: 'minutes',
  views_per_reader: 'views',
};

export const unitOf = (metric: string): string => units[metric] ?? 'things';

export const entities = ['site', 'region', 'school', 'publisher', 'book', 'chapter'];

export function catalogOf(session: Session): Catalog {
  const exact = session.lens === 'exact';
  const dimensions = exact ? [...entities, 'subject', 'grade', 'role'] : ['region', 'school'];
  return {
    metrics: Object.entries(units).map(([name, unit]) => ({
      name,
      title: name,
      description: name,
      unit,
      owner: 'Analytics',
      formula: `the formula of ${name}`,
      decimals: name.includes('_per_') ? 1 : 0,
      additivity: name.includes('_per_') ? 'ratio' : unit === 'persons' ? 'distinct' : 'sum',
    })),
    dimensions: dimensions.map((name) => ({
      name,
      title: name,
      description: name,
      type: 'code',
      hierarchy: [],
      filters: ['in', 'not_in'],
      entity: entities.includes(name),
      multi_valued: false,
    })),
    calendars: [estonian],
    grains: exact ? [...grains] : ['month'],
    compares: exact ? compares.filter((each) => each !== 'none') : [],
  };
}
