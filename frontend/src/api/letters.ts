import { queryOptions } from '@tanstack/react-query';
import { accepted, bare } from './client';
import type { Language } from './types';

// What is done with the links of letters. Nobody need be signed in for it: the token says who it is.

export function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ['invitation', token],
    queryFn: () => accepted(bare.POST('/api/v1/invitations/read', { body: { token } })),
    staleTime: Infinity,
  });
}

interface NewAccount {
  name: string;
  password: string;
  language: Language;
}

/** One who has an account already only says yes. */
export async function acceptInvitation(token: string, account?: NewAccount): Promise<void> {
  await accepted(bare.POST('/api/v1/invitations/accept', { body: { token, ...account } }));
}

/** The answer is always the same, so that nobody learns who has an account. */
export async function askPasswordReset(email: string): Promise<void> {
  await accepted(bare.POST('/api/v1/password-resets', { body: { email } }));
}

export async function resetPassword(token: string, password: string): Promise<void> {
  await accepted(bare.PUT('/api/v1/password-resets', { body: { token, password } }));
}

export async function confirmEmail(token: string): Promise<void> {
  await accepted(bare.POST('/api/v1/email-changes', { body: { token } }));
}
