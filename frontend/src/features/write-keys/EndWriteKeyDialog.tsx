import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WriteKey } from '../../api/types';
import { endWriteKey, writeKeysQuery } from '../../api/writeKeys';
import { Confirm } from '../../board/Confirm';
import { useSaid } from '../../board/said';

interface EndWriteKeyDialogProps {
  of: WriteKey | undefined;
  nameOf: (site: string) => string;
  onClose: () => void;
}

/** Says what breaks when a key ends, and ends it. */
export function EndWriteKeyDialog({ of, nameOf, onClose }: EndWriteKeyDialogProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const said = useSaid();
  // While the dialog goes away it still says what it was about.
  const [latest, setLatest] = useState(of);
  if (of && of !== latest) setLatest(of);
  const ending = useMutation({
    mutationFn: endWriteKey,
    onSuccess: (_, { name }) => {
      onClose();
      said(t('writeKeys.endedNow', { name }));
      return queries.invalidateQueries({ queryKey: writeKeysQuery.queryKey });
    },
  });
  const words = { name: latest?.name ?? '', site: nameOf(latest?.site ?? '') };
  return (
    <Confirm
      opened={of !== undefined}
      title={t('writeKeys.endOf', words)}
      text={t('writeKeys.endText', words)}
      action={t('writeKeys.end')}
      grave
      busy={ending.isPending}
      error={ending.error}
      onConfirm={() => of && ending.mutate(of)}
      onClose={() => {
        ending.reset();
        onClose();
      }}
    />
  );
}
