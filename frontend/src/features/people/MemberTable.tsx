import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Member } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { StatusDot } from '../../ui/StatusDot';
import { lastDayBefore } from '../../view/instants';
import type { Act } from './MemberActs';
import { MemberMenu } from './MemberMenu';

export function MemberTable({ members, onAct }: { members: Member[]; onAct: (act: Act) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const seen = (at: string | null | undefined) => (at ? format.moment(at, undefined) : t('people.never'));
  return (
    <DataTable
      caption={t('people.members')}
      rows={members}
      rowKey={(member) => member.account}
      columns={[
        {
          key: 'name',
          header: t('people.name'),
          render: (member) => (
            <>
              {member.name}
              <Text size="xs" c="dimmed">
                {member.email}
              </Text>
            </>
          ),
        },
        {
          key: 'role',
          header: t('people.role'),
          render: (member) => (
            <>
              {t(`role.${member.role}`, { defaultValue: member.role })}
              {member.about && (
                <Text size="xs" c="dimmed">
                  {t('people.only', { names: member.about.map(({ name }) => name).join(', ') })}
                </Text>
              )}
            </>
          ),
        },
        {
          key: 'state',
          header: t('people.state'),
          render: (member) =>
            member.active ? (
              <StatusDot tone="good">{t('people.active')}</StatusDot>
            ) : (
              <StatusDot tone="bad">{t('people.deactivated')}</StatusDot>
            ),
        },
        {
          key: 'factor',
          header: t('people.twoFactor'),
          render: (member) =>
            member.two_factor ? (
              <StatusDot tone="good">{t('people.on')}</StatusDot>
            ) : (
              <StatusDot tone="idle">{t('people.off')}</StatusDot>
            ),
        },
        {
          key: 'seen',
          header: t('people.seen'),
          render: (member) => (
            <>
              {seen(member.last_seen_at)}
              {member.from_provider && (
                <Text size="xs" c="dimmed">
                  {t('people.fromProvider', { provider: member.from_provider })}
                </Text>
              )}
            </>
          ),
        },
        {
          key: 'until',
          header: t('people.until'),
          render: (member) => (member.valid_until ? format.day(lastDayBefore(member.valid_until)) : t('people.noEnd')),
        },
        {
          key: 'acts',
          header: t('form.actions'),
          render: (member) => <MemberMenu member={member} onAct={onAct} />,
        },
      ]}
    />
  );
}
