import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../api/problem';
import { Refusal } from '../ui/Refusal';

/** Refusals about which there is no more to say than their name. */
const plain = ['bad_credentials', 'bad_code', 'prove_again', 'viewing_only'];

/** When to try again, in seconds below two minutes and in minutes above. */
function later(t: TFunction, seconds: number | undefined): string {
  if (seconds === undefined) return t('problem.tryLater');
  if (seconds < 120) return t('problem.trySeconds', { count: seconds });
  return t('problem.tryMinutes', { count: Math.ceil(seconds / 60) });
}

function wordsOf(t: TFunction, error: unknown): { title: string; detail?: string } {
  const problem = toProblem(error);
  if (problem.status === 0) return { title: t('state.unreachable'), detail: t('state.unreachableText') };
  if (problem.status === 429) return { title: t('problem.too_many_attempts'), detail: later(t, problem.retryAfter) };
  const title = t(`problem.${problem.code}`, { defaultValue: problem.message });
  return { title, detail: plain.includes(problem.code) || problem.detail === title ? undefined : problem.detail };
}

/** Why it was not done: in our own words where the kind of refusal is known, and always in the server's. */
export function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  return <Refusal {...wordsOf(t, error)} />;
}
