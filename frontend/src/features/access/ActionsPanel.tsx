import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Access } from '../../api/types';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';

/** Everything that can be done here, whether this person may, and by which rule. */
export function ActionsPanel({ actions }: { actions: Access['actions'] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('access.actions')}>
      <DataTable
        caption={t('access.actions')}
        rows={actions}
        rowKey={({ action }) => action}
        columns={[
          {
            key: 'action',
            header: t('access.action'),
            render: ({ action }) => (
              <>
                {t(`can.${action.replaceAll('.', '_')}`, { defaultValue: action })} <Code>{action}</Code>
              </>
            ),
          },
          {
            key: 'allowed',
            header: t('access.allowed'),
            render: ({ allowed }) => (
              <StatusDot tone={allowed ? 'good' : 'idle'}>{t(allowed ? 'access.yes' : 'access.no')}</StatusDot>
            ),
          },
          {
            key: 'because',
            header: t('access.because'),
            render: ({ because }) => <span lang="en">{because}</span>,
          },
        ]}
      />
    </Panel>
  );
}
