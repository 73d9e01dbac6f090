import { Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inviteAgain, withdrawInvitation } from '../../api/people';
import type { Invitation } from '../../api/types';
import { Confirm } from '../../board/Confirm';
import { Refused } from '../../board/Refused';
import { useSaid } from '../../board/said';
import { useFormat } from '../../i18n/useFormat';
import { DataTable, type TableColumn } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { StatusDot } from '../../ui/StatusDot';
import { useSession } from '../../view/session';
import { usePeopleOf, useRenewPeople } from './people';

/** Who has been asked and has not answered yet. */
export function InvitationTable({ invitations }: { invitations: Invitation[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const said = useSaid();
  const renew = useRenewPeople();
  const { can } = useSession();
  const { slug } = usePeopleOf();
  const [withdrawing, setWithdrawing] = useState<Invitation>();
  const sending = useMutation({
    mutationFn: ({ id }: Invitation) => inviteAgain(slug, id),
    onSuccess: (_, { email }) => {
      said(t('people.invited', { email }));
      return renew();
    },
  });
  const ending = useMutation({
    mutationFn: ({ id }: Invitation) => withdrawInvitation(slug, id),
    onSuccess: (_, { email }) => {
      setWithdrawing(undefined);
      said(t('people.withdrawn', { email }));
      return renew();
    },
  });
  if (invitations.length === 0) return <EmptyState reason="nothing" title={t('people.noInvitations')} />;
  const acts: TableColumn<Invitation> = {
    key: 'acts',
    header: t('form.actions'),
    render: (invitation) => (
      <Group gap="xs" wrap="nowrap">
        <Button
          size="xs"
          variant="default"
          loading={sending.isPending && sending.variables.id === invitation.id}
          aria-label={t('people.againTo', { email: invitation.email })}
          onClick={() => sending.mutate(invitation)}
        >
          {t('people.again')}
        </Button>
        <Button
          size="xs"
          variant="default"
          aria-label={t('people.withdrawOf', { email: invitation.email })}
          onClick={() => setWithdrawing(invitation)}
        >
          {t('people.withdraw')}
        </Button>
      </Group>
    ),
  };
  return (
    <>
      <Refused error={sending.error} />
      <DataTable
        caption={t('people.invitations')}
        rows={invitations}
        rowKey={(invitation) => invitation.id}
        columns={[
          { key: 'email', header: t('signIn.email'), render: (invitation) => invitation.email },
          {
            key: 'role',
            header: t('people.role'),
            render: (invitation) => (
              <>
                {t(`role.${invitation.role}`, { defaultValue: invitation.role })}
                {invitation.about && (
                  <Text size="xs" c="dimmed">
                    {t('people.only', { names: invitation.about.map(({ name }) => name).join(', ') })}
                  </Text>
                )}
              </>
            ),
          },
          { key: 'by', header: t('invitation.by'), render: (invitation) => invitation.invited_by },
          {
            key: 'state',
            header: t('people.state'),
            render: (invitation) =>
              invitation.state === 'open' ? (
                <StatusDot tone="good">
                  {t('people.openUntil', { time: format.moment(invitation.expires_at, undefined) })}
                </StatusDot>
              ) : (
                <StatusDot tone="warn">{t('people.expired')}</StatusDot>
              ),
          },
          ...(can.includes('people.write') ? [acts] : []),
        ]}
      />
      <Confirm
        opened={withdrawing !== undefined}
        title={t('people.withdraw')}
        text={t('people.withdrawText', { email: withdrawing?.email ?? '' })}
        action={t('people.withdraw')}
        busy={ending.isPending}
        error={ending.error}
        onConfirm={() => withdrawing && ending.mutate(withdrawing)}
        onClose={() => setWithdrawing(undefined)}
      />
    </>
  );
}
