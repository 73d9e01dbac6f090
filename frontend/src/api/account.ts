import { queryOptions } from '@tanstack/react-query';
import { accepted, client } from './client';
import type { Language, TwoFactorSetUp } from './types';

export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: () => accepted(client.GET('/api/v1/account')),
});

export const browsersQuery = queryOptions({
  queryKey: ['browsers'],
  queryFn: () => accepted(client.GET('/api/v1/account/sessions')),
});

export async function changeAccount(name: string, language: Language): Promise<void> {
  await accepted(client.PUT('/api/v1/account', { body: { name, language } }));
}

/** Every other session ends. One who has only signed in elsewhere has no current password to give. */
export async function changePassword(current: string | undefined, password: string): Promise<void> {
  const body = { password, ...(current ? { current } : {}) };
  await accepted(client.PUT('/api/v1/account/password', { body }));
}

/** Sends a link to the new address; nothing changes before it is opened. */
export async function changeEmail(email: string): Promise<void> {
  await accepted(client.POST('/api/v1/account/email', { body: { email } }));
}

export function startTwoFactor(): Promise<TwoFactorSetUp> {
  return accepted(client.POST('/api/v1/account/two-factor'));
}

export async function turnTwoFactorOn(code: string): Promise<string[]> {
  return (await accepted(client.PUT('/api/v1/account/two-factor', { body: { code } }))).recovery_codes;
}

export async function turnTwoFactorOff(): Promise<void> {
  await accepted(client.DELETE('/api/v1/account/two-factor'));
}

export async function makeRecoveryCodes(): Promise<string[]> {
  return (await accepted(client.POST('/api/v1/account/recovery-codes'))).recovery_codes;
}

export async function endBrowser(id: string): Promise<void> {
  await accepted(client.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id } } }));
}

export async function endOtherBrowsers(): Promise<void> {
  await accepted(client.DELETE('/api/v1/account/sessions'));
}
