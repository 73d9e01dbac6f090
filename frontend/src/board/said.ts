import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Says briefly that something was done. */
export function useSaid(): (what: string) => void {
  const { t } = useTranslation();
  return useCallback(
    (what: string) =>
      void notifications.show({ color: 'teal', message: what, closeButtonProps: { 'aria-label': t('shell.close') } }),
    [t],
  );
}
