import type { Role } from '../../api/types';

const byKind: Record<string, Role[]> = {
  owner: ['owner', 'operator'],
  ministry: ['official'],
  county: ['official'],
  municipality: ['official'],
  publisher_group: ['publisher'],
  publisher: ['publisher'],
  school: ['school_admin'],
};

/** What one can be in an organisation of a kind, mirroring the server, which decides. */
export function rolesIn(kind: string): Role[] {
  return byKind[kind] ?? [];
}
