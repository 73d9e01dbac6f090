import { NativeSelect } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { statementsCsvAddress } from '../../api/address';
import { statementsQuery } from '../../api/statements';
import { QueryState } from '../../board/QueryState';
import { TextLink } from '../../board/TextLink';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { DownloadLink } from '../../ui/DownloadLink';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { pastMonths } from '../../view/dates';
import { useSession } from '../../view/session';
import { useChangeView, useView, useViewSearch } from '../../view/useView';
import { HowComputed } from './HowComputed';
import classes from './Statements.module.css';

export function StatementList() {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useView();
  const { role } = useSession();
  const { month } = useViewSearch();
  const changeView = useChangeView();
  const site = view.site?.code;
  const query = useQuery({ ...statementsQuery({ site, month }), placeholderData: keepPreviousData });
  const nameOf = (code: string) => view.sites.find((each) => each.code === code)?.name ?? code;
  const filtered = site !== undefined || month !== undefined;
  return (
    <>
      <PageHead
        title={t('nav./statements')}
        subtitle={t('statements.subtitle')}
        controls={
          <div className={classes.filters}>
            {view.sites.length > 1 && (
              <NativeSelect
                label={t('period.site')}
                value={site ?? ''}
                onChange={(event) => changeView({ site: event.currentTarget.value || undefined })}
                data={[
                  { value: '', label: t('period.allSites') },
                  ...view.sites.map((each) => ({ value: each.code, label: each.name })),
                ]}
              />
            )}
            <NativeSelect
              label={t('statements.month')}
              value={month ?? ''}
              onChange={(event) => changeView({ month: event.currentTarget.value || undefined })}
              data={[
                { value: '', label: t('statements.allMonths') },
                ...pastMonths(view.today, 24).map((each) => ({ value: each, label: format.month(each) })),
              ]}
            />
          </div>
        }
      />
      <Stack>
        <Panel
          title={
            query.data
              ? t('statements.total', { count: query.data.total, number: format.integer(query.data.total) })
              : t('state.loading')
          }
          busy={query.isPlaceholderData}
          actions={
            <DownloadLink
              href={statementsCsvAddress({ site, month })}
              text={t('download.csv')}
              what={t('nav./statements')}
            />
          }
        >
          <QueryState query={query}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState
                  reason={filtered ? 'filtered' : 'nothing'}
                  title={filtered ? t('statements.noneHere') : t('statements.none')}
                >
                  {t('statements.noneText')}
                </EmptyState>
              ) : (
                <DataTable
                  caption={t('nav./statements')}
                  rows={items}
                  rowKey={(item) => item.id}
                  columns={[
                    {
                      key: 'month',
                      header: t('statements.month'),
                      render: (item) => (
                        <TextLink to="/statements/$id" params={{ id: item.id }} fw={550}>
                          {role === 'owner'
                            ? `${format.month(item.month)}, ${item.publisher_name}`
                            : format.month(item.month)}
                        </TextLink>
                      ),
                    },
                    { key: 'site', header: t('dimension.site'), render: (item) => nameOf(item.site) },
                    {
                      key: 'units',
                      header: t('statements.units'),
                      numeric: true,
                      render: (item) => format.decimal(item.units, 0),
                    },
                    {
                      key: 'share',
                      header: t('statements.share'),
                      numeric: true,
                      render: (item) =>
                        Number(item.units_total) > 0
                          ? format.percentFine(Number(item.units) / Number(item.units_total))
                          : '–',
                    },
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
        <HowComputed />
      </Stack>
    </>
  );
}
