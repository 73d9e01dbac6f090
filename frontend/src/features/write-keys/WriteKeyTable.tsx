import { Button, Code, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { WriteKey } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { StatusDot } from '../../ui/StatusDot';

interface WriteKeyTableProps {
  items: WriteKey[];
  nameOf: (site: string) => string;
  mayWrite: boolean;
  onUse: (key: WriteKey) => void;
  onEnd: (key: WriteKey) => void;
}

export function WriteKeyTable({ items, nameOf, mayWrite, onUse, onEnd }: WriteKeyTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const acts = (key: WriteKey) => {
    if (key.ended_at) return '–';
    return (
      <Group gap="xs" wrap="nowrap">
        <Button
          size="xs"
          variant="default"
          aria-label={t('writeKeys.useOf', { name: key.name, site: nameOf(key.site) })}
          onClick={() => onUse(key)}
        >
          {t('writeKeys.use')}
        </Button>
        {mayWrite && (
          <Button
            size="xs"
            variant="default"
            aria-label={t('writeKeys.endOf', { name: key.name, site: nameOf(key.site) })}
            onClick={() => onEnd(key)}
          >
            {t('writeKeys.end')}
          </Button>
        )}
      </Group>
    );
  };
  return (
    <DataTable
      caption={t('writeKeys.list')}
      rows={items}
      rowKey={({ key }) => key}
      columns={[
        {
          key: 'name',
          header: t('people.name'),
          render: ({ name, key }) => (
            <>
              {name}
              <Text size="xs" c="dimmed">
                <Code>{key}</Code>
              </Text>
            </>
          ),
        },
        { key: 'site', header: t('dimension.site'), render: ({ site }) => nameOf(site) },
        {
          key: 'state',
          header: t('people.state'),
          render: ({ ended_at: at }) =>
            at ? (
              <StatusDot tone="idle">{t('writeKeys.ended', { time: format.moment(at, undefined) })}</StatusDot>
            ) : (
              <StatusDot tone="good">{t('writeKeys.holds')}</StatusDot>
            ),
        },
        {
          key: 'origins',
          header: t('writeKeys.origins'),
          render: ({ origins }) => (origins.length > 0 ? origins.join(', ') : t('writeKeys.anywhere')),
        },
        { key: 'made', header: t('writeKeys.madeAt'), render: (key) => format.moment(key.made_at, undefined) },
        { key: 'acts', header: t('form.actions'), render: acts },
      ]}
    />
  );
}
