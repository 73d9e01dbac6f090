import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/useFormat';
import { DataTable, type TableColumn } from '../ui/DataTable';
import { DownloadLink } from '../ui/DownloadLink';
import { EmptyState } from '../ui/EmptyState';
import { Stack } from '../ui/Layout';
import { PageHead } from '../ui/PageHead';
import { Panel } from '../ui/Panel';
import { useChangeView, useViewSearch } from '../view/useView';
import { QueryState } from './QueryState';

interface ListPageProps<Item> {
  title: string;
  searchLabel: string;
  query: UseQueryResult<{ items: Item[]; total: number; complete: boolean }>;
  columns: TableColumn<Item>[];
  rowKey: (item: Item) => string;
  csv?: string;
  controls?: ReactNode;
  status?: ReactNode;
}

/** A searched list of entities. The search words are in the address; the server does the searching. */
export function ListPage<Item>({
  title,
  searchLabel,
  query,
  columns,
  rowKey,
  csv,
  controls,
  status,
}: ListPageProps<Item>) {
  const { t } = useTranslation();
  const format = useFormat();
  const { q } = useViewSearch();
  const changeView = useChangeView();
  const [typed, setTyped] = useState(q ?? '');
  const search = useDebouncedCallback(
    (words: string) => changeView({ q: words.trim() || undefined }, { replace: true }),
    250,
  );
  return (
    <>
      <PageHead title={title} controls={controls} status={status} />
      <Stack>
        <Panel
          title={
            query.data
              ? t('list.total', { count: query.data.total, number: format.integer(query.data.total) })
              : t('state.loading')
          }
          busy={query.isPlaceholderData}
          actions={
            <>
              <TextInput
                type="search"
                aria-label={searchLabel}
                placeholder={searchLabel}
                leftSection={<IconSearch size={16} aria-hidden />}
                value={typed}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  search(event.currentTarget.value);
                }}
              />
              {csv && <DownloadLink href={csv} text={t('download.csv')} what={title} />}
            </>
          }
          footer={query.data && !query.data.complete ? t('list.narrow', { count: query.data.items.length }) : undefined}
        >
          <QueryState query={query} lines={10}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState
                  reason={q ? 'filtered' : 'nothing'}
                  title={q ? t('list.noMatch', { q }) : t('state.nothingYet')}
                >
                  {q ? t('list.noMatchText') : t('state.nothingYetText')}
                </EmptyState>
              ) : (
                <DataTable caption={title} columns={columns} rows={items} rowKey={rowKey} />
              )
            }
          </QueryState>
        </Panel>
      </Stack>
    </>
  );
}
