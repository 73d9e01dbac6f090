import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { loadsQuery } from '../../api/loads';
import { refreshEvery, useLive } from '../../board/live';
import { QueryState } from '../../board/QueryState';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { useSession } from '../../view/session';
import { balances } from './balance';

const parts = ['received', 'loaded', 'duplicate', 'quarantined', 'skipped'] as const;

/** What arrived and what became of it: nothing may be lost without a reason. */
export function DataPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { sites } = useSession();
  const { live } = useLive();
  const query = useQuery({ ...loadsQuery, refetchInterval: live ? refreshEvery : false });
  const nameOf = (code: string) => sites.find((site) => site.code === code)?.name ?? code;
  return (
    <>
      <PageHead title={t('nav./data')} subtitle={t('loads.subtitle')} />
      <Stack>
        <Panel title={t('loads.title')} hint={t('loads.equation')}>
          <QueryState query={query} lines={3}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState reason="nothing" title={t('state.nothingYet')}>
                  {t('state.nothingYetText')}
                </EmptyState>
              ) : (
                <DataTable
                  caption={t('loads.title')}
                  rows={items}
                  rowKey={(item) => item.site}
                  columns={[
                    { key: 'site', header: t('dimension.site'), render: (item) => nameOf(item.site) },
                    ...parts.map((part) => ({
                      key: part,
                      header: t(`loads.${part}`),
                      numeric: true,
                      render: (item: (typeof items)[number]) => format.integer(item[part]),
                    })),
                    {
                      key: 'balance',
                      header: t('loads.balance'),
                      render: (item) =>
                        balances(item) ? (
                          <StatusDot tone="good">{t('loads.balanced')}</StatusDot>
                        ) : (
                          <StatusDot tone="bad">{t('loads.unbalanced')}</StatusDot>
                        ),
                    },
                    {
                      key: 'last',
                      header: t('loads.last'),
                      render: (item) => (item.last_at ? format.time(item.last_at, undefined, new Date()) : '–'),
                    },
                  ]}
                />
              )
            }
          </QueryState>
        </Panel>
        <Panel title={t('loads.quarantine')} hint={t('loads.quarantineHint')}>
          <QueryState query={query} lines={3}>
            {({ quarantine }) =>
              quarantine.length === 0 ? (
                <EmptyState reason="nothing" title={t('loads.noQuarantine')} />
              ) : (
                <DataTable
                  caption={t('loads.quarantine')}
                  rows={quarantine}
                  rowKey={(item, index) => `${item.site} ${item.reason} ${index}`}
                  columns={[
                    {
                      key: 'reason',
                      header: t('loads.reason'),
                      render: (item) => t(`reason.${item.reason}`, { defaultValue: item.reason.replaceAll('_', ' ') }),
                    },
                    { key: 'site', header: t('dimension.site'), render: (item) => nameOf(item.site) },
                    {
                      key: 'count',
                      header: t('loads.count'),
                      numeric: true,
                      render: (item) => format.integer(item.count),
                    },
                    {
                      key: 'sample',
                      header: t('loads.sample'),
                      render: (item) => <span lang="en">{item.sample}</span>,
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
