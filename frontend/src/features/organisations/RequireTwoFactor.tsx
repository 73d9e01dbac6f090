import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { requireTwoFactor } from '../../api/organisations';
import type { Organisation } from '../../api/types';
import { Confirm } from '../../board/Confirm';

interface RequireTwoFactorProps {
  organisation: Organisation | undefined;
  onClose: () => void;
}

/** Asks before an organisation begins, or ceases, to require a second factor of all its people. */
export function RequireTwoFactor({ organisation, onClose }: RequireTwoFactorProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: (which: Organisation) => requireTwoFactor(which, !which.requires_two_factor),
    onSuccess: async ({ slug }) => {
      onClose();
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['organisations'] }),
        queries.invalidateQueries({ queryKey: ['organisation', slug] }),
        // One may have shut out oneself.
        queries.invalidateQueries({ queryKey: ['session'] }),
      ]);
    },
  });
  const action = t(organisation?.requires_two_factor ? 'require.stop' : 'require.start');
  return (
    <Confirm
      opened={organisation !== undefined}
      title={`${action}: ${organisation?.name ?? ''}`}
      text={t(organisation?.requires_two_factor ? 'require.stopText' : 'require.hint')}
      action={action}
      busy={changing.isPending}
      error={changing.error}
      onConfirm={() => organisation && changing.mutate(organisation)}
      onClose={() => {
        changing.reset();
        onClose();
      }}
    />
  );
}
