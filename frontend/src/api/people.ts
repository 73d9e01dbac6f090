import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Invitation, Language, Member } from './types';

export function peopleQuery(organisation: string) {
  return queryOptions({
    queryKey: ['people', organisation],
    queryFn: () =>
      accepted(client.GET('/api/v1/organisations/{organisation}/people', { params: { path: { organisation } } })),
  });
}

export interface Inviting {
  email: string;
  role: string;
  /** Codes of what the person is to see; null is all that the organisation is about. */
  about: string[] | null;
  language: Language;
}

export function invite(organisation: string, { about, ...rest }: Inviting): Promise<Invitation> {
  const params = { path: { organisation } };
  const body = { ...rest, ...(about ? { about } : {}) };
  return accepted(client.POST('/api/v1/organisations/{organisation}/invitations', { params, body }));
}

/** A new link and a new expiry; the link that was sent before no longer works. */
export function inviteAgain(organisation: string, id: string): Promise<Invitation> {
  const params = { path: { organisation, id } };
  return accepted(client.POST('/api/v1/organisations/{organisation}/invitations/{id}/again', { params }));
}

export async function withdrawInvitation(organisation: string, id: string): Promise<void> {
  const params = { path: { organisation, id } };
  await accepted(client.DELETE('/api/v1/organisations/{organisation}/invitations/{id}', { params }));
}

export interface MemberParts {
  role: string;
  about: string[] | null;
  valid_until: string | null;
}

export function changeMember(organisation: string, account: string, body: MemberParts): Promise<Member> {
  const params = { path: { organisation, account } };
  return accepted(client.PUT('/api/v1/organisations/{organisation}/people/{account}', { params, body }));
}

export async function removeMember(organisation: string, account: string): Promise<void> {
  const params = { path: { organisation, account } };
  await accepted(client.DELETE('/api/v1/organisations/{organisation}/people/{account}', { params }));
}

/** Ends every session and key of the account at once, or lets it sign in again. */
export async function changeActive(account: string, active: boolean): Promise<void> {
  await accepted(client.PUT('/api/v1/accounts/{account}/active', { params: { path: { account } }, body: { active } }));
}

export async function endSessions(account: string): Promise<void> {
  await accepted(client.DELETE('/api/v1/accounts/{account}/sessions', { params: { path: { account } } }));
}
