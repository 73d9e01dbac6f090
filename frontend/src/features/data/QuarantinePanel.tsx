import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { aliasesQuery } from '../../api/aliases';
import { quarantineQuery } from '../../api/health';
import type { Waiting } from '../../api/types';
import { QueryState } from '../../board/QueryState';
import { useFormat } from '../../i18n/useFormat';
import { DataTable, type TableColumn } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { Panel } from '../../ui/Panel';
import { useSession } from '../../view/session';
import { AliasDialog, type UnknownOf } from './AliasDialog';
import { ReleaseDialog } from './ReleaseDialog';
import { Samples } from './Samples';
import { UnknownIds } from './UnknownIds';
import { useReason } from './useReason';

interface QuarantinePanelProps {
  nameOf: (site: string) => string;
  now: Date;
  /** In milliseconds; false for not at all. */
  refetchInterval: number | false;
}

/** What was set aside and why, with what it looks like; whoever may can have it tried again. */
export function QuarantinePanel({ nameOf, now, refetchInterval }: QuarantinePanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const reasonOf = useReason();
  const { can } = useSession();
  const query = useQuery({ ...quarantineQuery, refetchInterval });
  const { data: aliases } = useQuery({ ...aliasesQuery, refetchInterval });
  const [releasing, setReleasing] = useState<Waiting>();
  const [saying, setSaying] = useState<UnknownOf>();
  const [result, setResult] = useState('');
  const mayRelease = can.includes('load.write');
  const time = (at: string | null | undefined) => (at ? format.time(at, undefined, now) : '–');
  const acts: TableColumn<Waiting> = {
    key: 'acts',
    header: t('quarantine.actions'),
    render: (waiting) =>
      waiting.kept === 0 ? (
        '–'
      ) : (
        <Button
          size="xs"
          variant="default"
          aria-label={t('quarantine.againOf', { reason: reasonOf(waiting.reason).name, site: nameOf(waiting.site) })}
          onClick={() => setReleasing(waiting)}
        >
          {t('quarantine.again')}
        </Button>
      ),
  };
  return (
    <Panel
      title={t('quarantine.title')}
      hint={t('quarantine.hint')}
      footer={!mayRelease && (query.data?.items.length ?? 0) > 0 ? t('quarantine.ownersOnly') : undefined}
    >
      <Text role="status" size="sm" fw={550} mb={result === '' ? 0 : 12}>
        {result}
      </Text>
      <QueryState query={query} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState reason="nothing" title={t('quarantine.none')}>
              {t('quarantine.noneText')}
            </EmptyState>
          ) : (
            <Stack>
              <DataTable
                caption={t('quarantine.title')}
                rows={items}
                rowKey={({ site, reason }) => `${site} ${reason}`}
                columns={[
                  {
                    key: 'reason',
                    header: t('quarantine.reason'),
                    render: ({ reason }) => (
                      <>
                        {reasonOf(reason).name}
                        <Text size="xs" c="dimmed" miw={180}>
                          {reasonOf(reason).remedy}
                        </Text>
                      </>
                    ),
                  },
                  { key: 'site', header: t('dimension.site'), render: ({ site }) => nameOf(site) },
                  {
                    key: 'count',
                    header: t('quarantine.count'),
                    numeric: true,
                    render: ({ count }) => format.integer(count),
                  },
                  { key: 'first', header: t('quarantine.first'), render: ({ first_at: at }) => time(at) },
                  { key: 'last', header: t('quarantine.last'), render: ({ last_at: at }) => time(at) },
                  ...(mayRelease ? [acts] : []),
                ]}
              />
              {items.map((waiting) => (
                <UnknownIds
                  key={`${waiting.site} ${waiting.reason}`}
                  waiting={waiting}
                  site={nameOf(waiting.site)}
                  aliases={aliases?.items ?? []}
                  onSay={mayRelease ? (given) => setSaying({ waiting, given }) : undefined}
                />
              ))}
              {items.map((waiting) => (
                <Samples key={`${waiting.site} ${waiting.reason}`} waiting={waiting} site={nameOf(waiting.site)} />
              ))}
            </Stack>
          )
        }
      </QueryState>
      <AliasDialog
        of={saying}
        site={nameOf(saying?.waiting.site ?? '')}
        onSaid={({ waiting }) => {
          setSaying(undefined);
          // What waited for it can be had now.
          if (waiting.kept > 0) setReleasing(waiting);
        }}
        onClose={() => setSaying(undefined)}
      />
      <ReleaseDialog
        of={releasing}
        site={nameOf(releasing?.site ?? '')}
        onReleased={setResult}
        onClose={() => setReleasing(undefined)}
      />
    </Panel>
  );
}
