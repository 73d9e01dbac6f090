import { useTranslation } from 'react-i18next';
import type { Count } from '../api/cells';
import { HiddenCell } from '../ui/HiddenCell';
import { useNumber } from './useNumber';

/** A metric's number in the language on screen; hidden and missing are told apart from zero. */
export function CountText({ metric, value }: { metric: string; value: Count }) {
  const { t } = useTranslation();
  const number = useNumber();
  if (value === 'c') return <HiddenCell meaning={t('hidden.meaning')} />;
  return <>{value === null ? '–' : number(metric, value)}</>;
}
