import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { poolsQuery } from '../../api/statements';
import { QueryState } from '../../board/QueryState';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { useSession } from '../../view/session';
import { PoolForm } from './PoolForm';

export function PoolsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { sites, can } = useSession();
  const query = useQuery(poolsQuery);
  const nameOf = (code: string) => sites.find((site) => site.code === code)?.name ?? code;
  return (
    <>
      <PageHead title={t('nav./pools')} subtitle={t('pools.subtitle')} />
      <Stack>
        {can.includes('pool.write') && <PoolForm sites={sites} />}
        <Panel title={t('pools.list')}>
          <QueryState query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState reason="nothing" title={t('pools.none')}>
                  {t('pools.noneText')}
                </EmptyState>
              ) : (
                <DataTable
                  caption={t('pools.list')}
                  rows={[...items].sort((a, b) => b.month.localeCompare(a.month) || a.site.localeCompare(b.site))}
                  rowKey={(pool) => `${pool.site} ${pool.month}`}
                  columns={[
                    { key: 'month', header: t('statements.month'), render: (pool) => format.month(pool.month) },
                    { key: 'site', header: t('dimension.site'), render: (pool) => nameOf(pool.site) },
                    {
                      key: 'stated',
                      header: t('statements.state'),
                      render: (pool) => (
                        <StatusDot tone={pool.stated ? 'good' : 'idle'}>
                          {pool.stated ? t('pools.stated') : t('pools.unstated')}
                        </StatusDot>
                      ),
                    },
                    {
                      key: 'amount',
                      header: t('statements.pool'),
                      numeric: true,
                      render: (pool) => format.money(pool.amount, pool.currency),
                    },
                  ]}
                />
              )
            }
          </QueryState>
        </Panel>
      </Stack>
    </>
  );
}
