import { useTranslation } from 'react-i18next';
import type { Count } from '../api/cells';
import { useFormat } from '../i18n/useFormat';
import { HiddenCell } from '../ui/HiddenCell';

/** A count in the language on screen; hidden and missing are told apart from zero. */
export function CountText({ value }: { value: Count }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === 'c') return <HiddenCell meaning={t('hidden.meaning')} />;
  return <>{value === null ? '–' : format.integer(value)}</>;
}
