import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Organisation, OrganisationKind } from './types';

export interface OrganisationSearch {
  q?: string;
  limit?: number;
}

export function organisationsQuery({ q, limit }: OrganisationSearch) {
  return queryOptions({
    queryKey: ['organisations', { q, limit }],
    queryFn: ({ signal }) =>
      accepted(
        client.GET('/api/v1/organisations', {
          params: { query: { ...(q ? { q } : {}), ...(limit ? { limit } : {}) } },
          signal,
        }),
      ),
  });
}

export function organisationQuery(organisation: string) {
  return queryOptions({
    queryKey: ['organisation', organisation],
    queryFn: () => accepted(client.GET('/api/v1/organisations/{organisation}', { params: { path: { organisation } } })),
  });
}

/** What an organisation is, in the words of one who writes it down: `about` holds codes. */
export interface OrganisationParts {
  name: string;
  parent?: string | null;
  about: string[];
  valid_from?: string | null;
  valid_until?: string | null;
}

export function makeOrganisation(kind: OrganisationKind, parts: OrganisationParts): Promise<Organisation> {
  return accepted(client.POST('/api/v1/organisations', { body: { kind, ...parts } }));
}

export function changeOrganisation(
  organisation: string,
  parts: OrganisationParts & { requires_two_factor: boolean },
): Promise<Organisation> {
  const params = { path: { organisation } };
  return accepted(client.PUT('/api/v1/organisations/{organisation}', { params, body: parts }));
}

/** Whether everybody of the organisation has to have a second factor; all else stays as it is. */
export function requireTwoFactor(organisation: Organisation, required: boolean): Promise<Organisation> {
  const { slug, name, parent, about, valid_from, valid_until } = organisation;
  const codes = about.map(({ code }) => code);
  return changeOrganisation(slug, {
    name,
    parent,
    about: codes,
    valid_from,
    valid_until,
    requires_two_factor: required,
  });
}
