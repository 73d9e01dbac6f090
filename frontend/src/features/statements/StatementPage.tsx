import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { statementCsvAddress } from '../../api/address';
import { statementQuery } from '../../api/statements';
import { EntityLink } from '../../board/EntityLink';
import { QueryState } from '../../board/QueryState';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { DownloadLink } from '../../ui/DownloadLink';
import { EmptyState } from '../../ui/EmptyState';
import { Facts } from '../../ui/Facts';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useView } from '../../view/useView';
import { HowComputed } from './HowComputed';

export function StatementPage({ id, back }: { id: string; back: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useView();
  const query = useQuery({ ...statementQuery(id), staleTime: Infinity });
  const found = query.data;
  const site = view.sites.find((each) => each.code === found?.site);
  return (
    <>
      <PageHead
        title={
          found
            ? t('statements.title', { month: format.month(found.month), publisher: found.publisher_name })
            : t('statements.one')
        }
        eyebrow={back}
        subtitle={found && t('statements.declaredOn', { time: format.moment(found.created_at, site?.zone) })}
        controls={
          found && (
            <DownloadLink strong href={statementCsvAddress(id)} text={t('download.csv')} what={t('statements.one')} />
          )
        }
      />
      <QueryState query={query}>
        {(statement) => (
          <Stack>
            <Panel title={t('statements.summary')}>
              <Facts
                facts={[
                  { name: t('statements.amount'), value: format.money(statement.amount, statement.currency) },
                  { name: t('statements.pool'), value: format.money(statement.pool, statement.currency) },
                  { name: t('statements.units'), value: format.decimal(statement.units, 3) },
                  { name: t('statements.unitsTotal'), value: format.decimal(statement.units_total, 3) },
                  { name: t('dimension.site'), value: site?.name ?? statement.site },
                ]}
              />
            </Panel>
            <Panel title={t('statements.lines')}>
              {(statement.lines ?? []).length === 0 ? (
                <EmptyState reason="nothing" title={t('statements.noLines')} />
              ) : (
                <DataTable
                  caption={t('statements.lines')}
                  rows={statement.lines ?? []}
                  rowKey={(line) => line.book}
                  footer={['total', '', 'views', '', 'units', 'amount'].map((cell) => {
                    if (cell === 'total') return t('statements.sum');
                    if (cell === 'views')
                      return format.integer((statement.lines ?? []).reduce((sum, line) => sum + line.views, 0));
                    if (cell === 'units') return format.decimal(statement.units, 3);
                    return cell === 'amount' ? format.money(statement.amount, statement.currency) : '';
                  })}
                  columns={[
                    {
                      key: 'book',
                      header: t('dimension.book'),
                      render: (line) => <EntityLink dimension="book" code={line.book} name={line.book_name} />,
                    },
                    { key: 'code', header: t('list.code'), render: (line) => line.book },
                    {
                      key: 'views',
                      header: t('metric.views'),
                      numeric: true,
                      render: (line) => format.integer(line.views),
                    },
                    {
                      key: 'weight',
                      header: t('statements.weight'),
                      numeric: true,
                      render: (line) => format.decimal(line.weight, 3),
                    },
                    {
                      key: 'units',
                      header: t('statements.units'),
                      numeric: true,
                      render: (line) => format.decimal(line.units, 3),
                    },
                    {
                      key: 'amount',
                      header: t('statements.amount'),
                      numeric: true,
                      render: (line) => format.money(line.amount, statement.currency),
                    },
                  ]}
                />
              )}
            </Panel>
            <HowComputed statement={statement} />
          </Stack>
        )}
      </QueryState>
    </>
  );
}
