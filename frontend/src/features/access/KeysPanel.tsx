import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Access } from '../../api/types';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';

/** The person's keys, which see the same and do less. */
export function KeysPanel({ keys }: { keys: Access['keys'] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('nav./keys')} hint={t('access.keysHint')}>
      {keys.length === 0 ? (
        <EmptyState reason="nothing" title={t('access.noKeys')} />
      ) : (
        <DataTable
          caption={t('nav./keys')}
          rows={keys}
          rowKey={({ prefix }) => prefix}
          columns={[
            { key: 'name', header: t('people.name'), render: ({ name }) => name },
            { key: 'prefix', header: t('keys.prefix'), render: ({ prefix }) => <Code>{`${prefix}…`}</Code> },
            {
              key: 'scopes',
              header: t('keys.scopes'),
              render: ({ scopes }) =>
                scopes.map((scope) => t(`scope.${scope.replace(':', '_')}`, { defaultValue: scope })).join(', '),
            },
          ]}
        />
      )}
    </Panel>
  );
}
