import { Button, Group } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { auditCsvAddress, auditQuery } from '../../api/audit';
import { QueryState } from '../../board/QueryState';
import { DownloadLink } from '../../ui/DownloadLink';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import type { ViewSearch } from '../../view/search';
import { useChangeView, useViewSearch } from '../../view/useView';
import { AuditFilters } from './AuditFilters';
import { AuditTable } from './AuditTable';
import { EntrySheet } from './EntrySheet';

/** What the address says of the audit, as the server is asked for it. */
function searchOf({ since, until, action, q, organisation, before }: ViewSearch) {
  const page = Number(before);
  return {
    filter: { from: since, to: until, action, q, organisation },
    before: before !== undefined && Number.isSafeInteger(page) ? page : undefined,
  };
}

/** Who did what, newest first. Everything chosen stands in the address, so a finding can be handed on. */
export function AuditPage() {
  const { t } = useTranslation();
  const address = useViewSearch();
  const changeView = useChangeView();
  const { filter, before } = searchOf(address);
  const query = useQuery({ ...auditQuery({ ...filter, before }), placeholderData: keepPreviousData });
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const opened = query.data?.items.find(({ id }) => String(id) === address.entry);
  return (
    <>
      <PageHead title={t('nav./audit')} subtitle={t('audit.subtitle')} />
      <Stack>
        <AuditFilters />
        <Panel
          title={t('audit.entries')}
          hint={t(before === undefined ? 'audit.newest' : 'audit.older')}
          busy={query.isPlaceholderData}
          actions={<DownloadLink href={auditCsvAddress(filter)} text={t('download.csv')} what={t('nav./audit')} />}
        >
          <QueryState query={query} lines={10}>
            {({ items, next }) => (
              <>
                {items.length === 0 ? (
                  <EmptyState
                    reason={filtered || before !== undefined ? 'filtered' : 'nothing'}
                    title={t(filtered || before !== undefined ? 'audit.noMatch' : 'audit.none')}
                  />
                ) : (
                  <AuditTable items={items} onOpen={({ id }) => changeView({ entry: String(id) })} />
                )}
                <Group justify="space-between" mt="md">
                  {before === undefined ? (
                    <span />
                  ) : (
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => changeView({ before: undefined, entry: undefined })}
                    >
                      {t('audit.toNewest')}
                    </Button>
                  )}
                  {next != null && (
                    <Button
                      size="xs"
                      variant="default"
                      onClick={() => changeView({ before: String(next), entry: undefined })}
                    >
                      {t('audit.toOlder')}
                    </Button>
                  )}
                </Group>
              </>
            )}
          </QueryState>
        </Panel>
      </Stack>
      <EntrySheet entry={opened} onClose={() => changeView({ entry: undefined }, { replace: true })} />
    </>
  );
}
