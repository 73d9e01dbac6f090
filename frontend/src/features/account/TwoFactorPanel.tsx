import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountQuery, makeRecoveryCodes, turnTwoFactorOff } from '../../api/account';
import { sessionQuery } from '../../api/session';
import type { AccountDetails } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { useSaid } from '../../board/said';
import { Facts } from '../../ui/Facts';
import { Stack } from '../../ui/Layout';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { RecoveryCodes } from './RecoveryCodes';
import { TwoFactorSetUp } from './TwoFactorSetUp';

/** The second factor: turned on with an app, kept with recovery codes, turned off on purpose only. */
export function TwoFactorPanel({ account }: { account: AccountDetails }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [settingUp, setSettingUp] = useState(false);
  const renew = async () => {
    setSettingUp(false);
    await Promise.all([
      queries.invalidateQueries({ queryKey: accountQuery.queryKey }),
      queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    ]);
  };
  const { on } = account.two_factor;
  return (
    <Panel title={t('twoFactor.title')} hint={t('twoFactor.hint')}>
      {settingUp ? (
        <TwoFactorSetUp onDone={() => void renew()} />
      ) : on ? (
        <TurnedOn left={account.two_factor.recovery_codes_left} onChanged={renew} />
      ) : (
        <Group justify="space-between">
          <StatusDot tone="idle">{t('twoFactor.off')}</StatusDot>
          <Button onClick={() => setSettingUp(true)}>{t('twoFactor.setUp')}</Button>
        </Group>
      )}
    </Panel>
  );
}

function TurnedOn({ left, onChanged }: { left: number; onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const said = useSaid();
  const [asking, setAsking] = useState<'off' | 'codes'>();
  const making = useMutation({ mutationFn: makeRecoveryCodes, onSuccess: () => setAsking(undefined) });
  const ending = useMutation({
    mutationFn: turnTwoFactorOff,
    onSuccess: async () => {
      setAsking(undefined);
      said(t('twoFactor.turnedOff'));
      await onChanged();
    },
  });
  if (making.data) {
    const done = () => {
      making.reset();
      void onChanged();
    };
    return <RecoveryCodes codes={making.data} onKept={done} />;
  }
  return (
    <Stack>
      <Facts
        facts={[
          { name: t('twoFactor.state'), value: <StatusDot tone="good">{t('twoFactor.on')}</StatusDot> },
          {
            name: t('twoFactor.codesLeft'),
            value: left > 2 ? left : <StatusDot tone="warn">{t('twoFactor.few', { number: left })}</StatusDot>,
          },
        ]}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => setAsking('codes')}>
          {t('twoFactor.newCodes')}
        </Button>
        <Button variant="default" onClick={() => setAsking('off')}>
          {t('twoFactor.turnOff')}
        </Button>
      </Group>
      <Confirm
        opened={asking === 'codes'}
        title={t('twoFactor.newCodes')}
        text={t('twoFactor.newCodesText')}
        action={t('twoFactor.makeCodes')}
        busy={making.isPending}
        error={making.error}
        onConfirm={() => making.mutate()}
        onClose={() => setAsking(undefined)}
      />
      <Confirm
        opened={asking === 'off'}
        title={t('twoFactor.turnOff')}
        text={t('twoFactor.turnOffText')}
        action={t('twoFactor.turnOff')}
        grave
        busy={ending.isPending}
        error={ending.error}
        onConfirm={() => ending.mutate()}
        onClose={() => setAsking(undefined)}
      />
    </Stack>
  );
}
