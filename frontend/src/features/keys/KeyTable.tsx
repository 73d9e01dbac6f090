import { Button, Code, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Key } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable, type TableColumn } from '../../ui/DataTable';
import { StatusDot } from '../../ui/StatusDot';
import { stateOf, type KeyState } from './state';

const tones = { active: 'good', replaced: 'warn', expired: 'idle', revoked: 'idle' } as const;

interface KeyTableProps {
  items: Key[];
  mayWrite: boolean;
  onRotate: (key: Key) => void;
  onRevoke: (key: Key) => void;
}

export function KeyTable({ items, mayWrite, onRotate, onRevoke }: KeyTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = new Date();
  const time = (at: string | null | undefined, none: string) => (at ? format.moment(at, undefined) : none);
  const works = (state: KeyState) => state === 'active' || state === 'replaced';
  const acts: TableColumn<Key> = {
    key: 'acts',
    header: t('form.actions'),
    render: (key) => {
      const state = stateOf(key, now);
      if (!works(state)) return '–';
      return (
        <Group gap="xs" wrap="nowrap">
          {key.mine && state === 'active' && (
            <Button
              size="xs"
              variant="default"
              aria-label={t('keys.rotateOf', { name: key.name })}
              onClick={() => onRotate(key)}
            >
              {t('keys.rotate')}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            aria-label={t('keys.revokeOf', { name: key.name })}
            onClick={() => onRevoke(key)}
          >
            {t('keys.revoke')}
          </Button>
        </Group>
      );
    },
  };
  return (
    <DataTable
      caption={t('keys.list')}
      rows={items}
      rowKey={(key) => key.id}
      columns={[
        {
          key: 'name',
          header: t('people.name'),
          render: (key) => (
            <>
              {key.name}
              <Text size="xs" c="dimmed">
                <Code>{`${key.prefix}…`}</Code>
              </Text>
            </>
          ),
        },
        {
          key: 'state',
          header: t('people.state'),
          render: (key) => {
            const state = stateOf(key, now);
            return <StatusDot tone={tones[state]}>{t(`keys.states.${state}`)}</StatusDot>;
          },
        },
        {
          key: 'scopes',
          header: t('keys.scopes'),
          render: (key) => key.scopes.map((scope) => t(`scope.${scope.replace(':', '_')}`)).join(', '),
        },
        {
          key: 'networks',
          header: t('keys.networks'),
          render: (key) => (key.networks.length > 0 ? key.networks.join(', ') : t('keys.anywhere')),
        },
        { key: 'creator', header: t('keys.creator'), render: (key) => (key.mine ? t('keys.me') : key.creator) },
        { key: 'expires', header: t('keys.expires'), render: (key) => time(key.expires_at, t('keys.never')) },
        { key: 'used', header: t('keys.used'), render: (key) => time(key.last_used_at, t('keys.unused')) },
        ...(mayWrite ? [acts] : []),
      ]}
    />
  );
}
