import type { Organisation } from '../api/types';

export function organisation(slug: string, rest: Partial<Organisation> = {}): Organisation {
  return {
    slug,
    name: slug,
    kind: 'school',
    parent: null,
    about: [],
    valid_from: null,
    valid_until: null,
    requires_two_factor: false,
    people: 1,
    ...rest,
  };
}
