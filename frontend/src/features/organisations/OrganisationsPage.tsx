import { Button, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { organisationsQuery } from '../../api/organisations';
import type { Organisation } from '../../api/types';
import { QueryState } from '../../board/QueryState';
import { useFormat } from '../../i18n/useFormat';
import { EmptyState } from '../../ui/EmptyState';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useSession } from '../../view/session';
import { useChangeView, useViewSearch } from '../../view/useView';
import { OrganisationDialog } from './OrganisationDialog';
import { OrganisationTable } from './OrganisationTable';

const mostListed = 1_000;

/** One's own organisation and those below it. Only the owner of the platform writes down new ones. */
export function OrganisationsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { can } = useSession();
  const { q } = useViewSearch();
  const changeView = useChangeView();
  const [typed, setTyped] = useState(q ?? '');
  const [editing, setEditing] = useState<Organisation | 'new'>();
  const query = useQuery({ ...organisationsQuery({ q, limit: mostListed }), placeholderData: keepPreviousData });
  const search = useDebouncedCallback(
    (words: string) => changeView({ q: words.trim() || undefined }, { replace: true }),
    250,
  );
  const owns = can.includes('organisation.write');
  return (
    <>
      <PageHead
        title={t('nav./organisations')}
        subtitle={t('organisations.subtitle')}
        controls={
          owns && (
            <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setEditing('new')}>
              {t('organisations.add')}
            </Button>
          )
        }
      />
      <Panel
        title={
          query.data
            ? t('list.total', { count: query.data.total, number: format.integer(query.data.total) })
            : t('state.loading')
        }
        busy={query.isPlaceholderData}
        actions={
          <TextInput
            type="search"
            aria-label={t('organisations.search')}
            placeholder={t('organisations.search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              search(event.currentTarget.value);
            }}
          />
        }
        footer={
          query.data && query.data.items.length < query.data.total
            ? t('list.narrow', { count: query.data.items.length })
            : undefined
        }
      >
        <QueryState query={query} lines={8}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState
                reason={q ? 'filtered' : 'nothing'}
                title={q ? t('list.noMatch', { q }) : t('organisations.none')}
              >
                {q ? t('list.noMatchText') : undefined}
              </EmptyState>
            ) : (
              <OrganisationTable items={items} onEdit={owns ? setEditing : undefined} />
            )
          }
        </QueryState>
      </Panel>
      {owns && (
        <OrganisationDialog editing={editing} parents={query.data?.items ?? []} onClose={() => setEditing(undefined)} />
      )}
    </>
  );
}
