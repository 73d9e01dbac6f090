import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dataHealthQuery, quarantineQuery, release } from '../../api/health';
import type { Released, Waiting } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { useFormat } from '../../i18n/useFormat';
import { useReason } from './useReason';

interface ReleaseDialogProps {
  of: Waiting | undefined;
  /** The name of its site. */
  site: string;
  /** What became of them, in words. */
  onReleased: (result: string) => void;
  onClose: () => void;
}

/** Says what trying again does, does it, and tells what came of it. */
export function ReleaseDialog({ of, site, onReleased, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasonOf = useReason();
  const queries = useQueryClient();
  // While the dialog goes away it still says what it was about.
  const [latest, setLatest] = useState({ of, site });
  if (of && of !== latest.of) setLatest({ of, site });
  const reason = reasonOf(latest.of?.reason ?? '').name;
  const words = (done: Released) =>
    t('quarantine.result', {
      reason,
      site: latest.site,
      count: done.tried,
      number: format.integer(done.tried),
      loaded: format.integer(done.loaded),
      duplicate: format.integer(done.duplicate),
      quarantined: format.integer(done.quarantined),
      skipped: format.integer(done.skipped),
    });
  const releasing = useMutation({
    mutationFn: release,
    onSuccess: (done) => {
      onClose();
      onReleased(words(done));
      return Promise.all(
        [dataHealthQuery.queryKey, quarantineQuery.queryKey, ['answer']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  const kept = latest.of?.kept ?? 0;
  return (
    <Confirm
      opened={of !== undefined}
      title={t('quarantine.againOf', { reason, site: latest.site })}
      text={t('quarantine.confirm', { count: kept, number: format.integer(kept), site: latest.site })}
      action={t('quarantine.again')}
      busy={releasing.isPending}
      error={releasing.error}
      onConfirm={() => of && releasing.mutate({ site: of.site, reason: of.reason })}
      onClose={() => {
        releasing.reset();
        onClose();
      }}
    />
  );
}
