import type { Answer } from '../api/types';

export interface Freshness {
  /** The oldest moment any number on the page stands for, or null when no answer says one. */
  asOf: string | null;
  /** Events that have arrived but are not counted yet. */
  pending: number;
  complete: boolean;
}

function earlier(one: string | null, other: string | null | undefined): string | null {
  if (!other) return one;
  return one === null || Date.parse(other) < Date.parse(one) ? other : one;
}

/** The worst of the answers on a page: a page is only as fresh as its oldest number. */
export function worstOf(answers: Pick<Answer, 'as_of' | 'freshness' | 'complete'>[]): Freshness {
  const pendingOf = (answer: Pick<Answer, 'freshness'>) =>
    Object.values(answer.freshness).reduce((sum, site) => sum + site.pending, 0);
  return {
    asOf: answers.reduce<string | null>((oldest, answer) => earlier(oldest, answer.as_of), null),
    pending: Math.max(0, ...answers.map(pendingOf)),
    complete: answers.every((answer) => answer.complete),
  };
}
