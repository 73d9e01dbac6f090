import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { statementsQuery } from '../../api/statements';
import { QueryState } from '../../board/QueryState';
import { TextLink } from '../../board/TextLink';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { monthOf } from '../../view/dates';
import { useSession } from '../../view/session';
import type { View } from '../../view/view';

const shown = 6;

/** The newest statements; the running month has none until it is over and its pool is entered. */
export function LatestStatements({ view }: { view: View }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { can } = useSession();
  const may = can.includes('statement.read');
  const query = useQuery({ ...statementsQuery({ site: view.site?.code }), enabled: may });
  if (!may) return null;
  const nameOf = (code: string) => view.sites.find((site) => site.code === code)?.name ?? code;
  return (
    <Panel
      title={t('statements.latest')}
      hint={t('statements.running', { month: format.month(monthOf(view.today)) })}
      footer={
        <TextLink to="/statements" underline="always">
          {t('statements.all')}
        </TextLink>
      }
    >
      <QueryState query={query} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState reason="nothing" title={t('statements.none')}>
              {t('statements.noneText')}
            </EmptyState>
          ) : (
            <DataTable
              caption={t('statements.latest')}
              rows={[...items].sort((a, b) => b.month.localeCompare(a.month)).slice(0, shown)}
              rowKey={(item) => item.id}
              columns={[
                {
                  key: 'month',
                  header: t('statements.month'),
                  render: (item) => (
                    <TextLink to="/statements/$id" params={{ id: item.id }} fw={550}>
                      {format.month(item.month)}
                    </TextLink>
                  ),
                },
                { key: 'site', header: t('dimension.site'), render: (item) => nameOf(item.site) },
                { key: 'state', header: t('statements.state'), render: () => t('statements.declared') },
                {
                  key: 'amount',
                  header: t('statements.amount'),
                  numeric: true,
                  render: (item) => format.money(item.amount, item.currency),
                },
              ]}
            />
          )
        }
      </QueryState>
    </Panel>
  );
}
