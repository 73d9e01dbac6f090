import { Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LogState } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { silentFor } from './logs';

interface LogsPanelProps {
  logs: LogState[];
  nameOf: (site: string) => string;
  /** The server's clock. */
  asOf: string;
}

/** What is read on and on: how much of it waits, since when, and whether anybody reads it. */
export function LogsPanel({ logs, nameOf, asOf }: LogsPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = new Date(asOf);
  const noted = (log: LogState) => {
    const minutes = silentFor(log, asOf);
    if (minutes !== undefined) return <StatusDot tone="bad">{t('logs.stale', { minutes })}</StatusDot>;
    return <StatusDot tone="good">{format.clock(log.noted_at, undefined)}</StatusDot>;
  };
  return (
    <Panel title={t('logs.title')} hint={t('logs.hint')}>
      {logs.length === 0 ? (
        <EmptyState reason="nothing" title={t('logs.none')}>
          {t('logs.noneText')}
        </EmptyState>
      ) : (
        <DataTable
          caption={t('logs.title')}
          rows={logs}
          rowKey={({ source, partition }) => `${source} ${partition}`}
          columns={[
            { key: 'log', header: t('logs.log'), render: ({ source }) => <Code>{source}</Code> },
            { key: 'partition', header: t('logs.partition'), render: ({ partition }) => <Code>{partition}</Code> },
            { key: 'site', header: t('dimension.site'), render: ({ site }) => nameOf(site) },
            {
              key: 'waiting',
              header: t('logs.waiting'),
              numeric: true,
              render: ({ waiting }) => format.integer(waiting),
            },
            {
              key: 'since',
              header: t('logs.since'),
              render: ({ oldest_at: at }) => (at ? format.time(at, undefined, now) : '–'),
            },
            { key: 'noted', header: t('logs.noted'), render: noted },
          ]}
        />
      )}
    </Panel>
  );
}
