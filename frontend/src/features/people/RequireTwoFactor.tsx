import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requireTwoFactor } from '../../api/organisations';
import type { Organisation } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';

interface RequireTwoFactorProps {
  organisation: Organisation;
  /** How many of its people have no second factor yet. */
  without: number;
}

/** Whether everybody of the organisation has to have a second factor, and what it means to say so. */
export function RequireTwoFactor({ organisation, without }: RequireTwoFactorProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const required = organisation.requires_two_factor;
  const changing = useMutation({
    mutationFn: () => requireTwoFactor(organisation, !required),
    onSuccess: async () => {
      setAsking(false);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['organisation', organisation.slug] }),
        queries.invalidateQueries({ queryKey: ['organisations'] }),
        // One may have shut out oneself.
        queries.invalidateQueries({ queryKey: ['session'] }),
      ]);
    },
  });
  const action = t(required ? 'require.stop' : 'require.start');
  return (
    <Panel title={t('twoFactor.title')} hint={t('require.hint')}>
      <Group justify="space-between">
        <StatusDot tone={required ? 'good' : 'idle'}>{t(required ? 'require.on' : 'require.off')}</StatusDot>
        <Button variant="default" onClick={() => setAsking(true)}>
          {action}
        </Button>
      </Group>
      <Confirm
        opened={asking}
        title={action}
        text={required ? t('require.stopText') : t('require.startText', { count: without })}
        action={action}
        busy={changing.isPending}
        error={changing.error}
        onConfirm={() => changing.mutate()}
        onClose={() => setAsking(false)}
      />
    </Panel>
  );
}
