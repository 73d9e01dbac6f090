import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keysQuery, revokeKey } from '../../api/keys';
import type { Key } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { useSaid } from '../../board/said';

export function RevokeDialog({ of, onClose }: { of: Key | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const said = useSaid();
  const revoking = useMutation({
    mutationFn: ({ id }: Key) => revokeKey(id),
    onSuccess: (_, { name }) => {
      onClose();
      said(t('keys.revokedNow', { name }));
      return queries.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened={of !== undefined}
      title={t('keys.revokeOf', { name: of?.name ?? '' })}
      text={t('keys.revokeText')}
      action={t('keys.revoke')}
      grave
      busy={revoking.isPending}
      error={revoking.error}
      onConfirm={() => of && revoking.mutate(of)}
      onClose={() => {
        revoking.reset();
        onClose();
      }}
    />
  );
}
