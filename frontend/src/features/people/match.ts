import type { Member } from '../../api/types';

/** Whether a person is meant by the words: each has to be in the name or in the address. */
export function isMeant({ name, email }: Pick<Member, 'name' | 'email'>, words: string | undefined): boolean {
  const text = `${name} ${email}`.toLocaleLowerCase();
  return (words ?? '')
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
