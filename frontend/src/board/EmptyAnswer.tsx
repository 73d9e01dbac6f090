import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../api/types';
import { EmptyState } from '../ui/EmptyState';
import { useChangeView } from '../view/useView';

interface EmptyAnswerProps {
  answer: Answer;
  /** Offers a longer period; once on a page is enough. */
  widening?: boolean;
}

/** Says which emptiness it is: nothing has arrived yet, or nothing in the period and site that were chosen. */
export function EmptyAnswer({ answer, widening = false }: EmptyAnswerProps) {
  const { t } = useTranslation();
  const changeView = useChangeView();
  const anythingYet = Object.values(answer.freshness).some(
    (site) => site.last_event_at !== null && site.last_event_at !== undefined,
  );
  if (answer.notes.some((note) => note.code === 'hidden')) {
    return (
      <EmptyState reason="hidden" title={t('state.hidden')}>
        {t('state.hiddenText')}
      </EmptyState>
    );
  }
  if (!anythingYet) {
    return (
      <EmptyState reason="nothing" title={t('state.nothingYet')}>
        {t('state.nothingYetText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      reason="filtered"
      title={t('state.filtered')}
      action={
        widening && (
          <Button
            size="xs"
            variant="default"
            onClick={() => changeView({ period: '365d', from: undefined, to: undefined, site: undefined })}
          >
            {t('state.widen')}
          </Button>
        )
      }
    >
      {t('state.filteredText')}
    </EmptyState>
  );
}
