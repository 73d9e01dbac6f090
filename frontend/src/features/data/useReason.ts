import { useTranslation } from 'react-i18next';

/** A reason in people's words, and what can be done about it. */
export function useReason(): (reason: string) => { name: string; remedy: string } {
  const { t } = useTranslation();
  return (reason) => ({
    name: t(`reason.${reason}`, { defaultValue: reason.replaceAll('_', ' ') }),
    remedy: t(`remedy.${reason}`, { defaultValue: '' }),
  });
}
