import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../api/types';

interface ActionWords {
  action: (action: string) => string;
  outcome: (outcome: AuditEntry['outcome']) => string;
}

/** What was done in words; an action that is newer than these pages keeps its name. */
export function useActionWords(): ActionWords {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      action: (action) => t(`audit.actions.${action}`, { defaultValue: action.replaceAll('_', ' ') }),
      outcome: (outcome) => t(`audit.outcomes.${outcome}`),
    }),
    [t],
  );
}
