import { useTranslation } from 'react-i18next';
import type { Access } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { EmptyState } from '../../ui/EmptyState';
import { Panel } from '../../ui/Panel';

/** Where the numbers come from and how fresh they are. */
export function SourcesPanel({ sources }: { sources: Access['sources'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const time = (at: string | null | undefined) => (at ? format.moment(at, undefined) : t('freshness.unknown'));
  return (
    <Panel title={t('access.sources')} hint={t('access.sourcesHint')}>
      {sources.length === 0 ? (
        <EmptyState reason="nothing" title={t('access.noSources')} />
      ) : (
        <DataTable
          caption={t('access.sources')}
          rows={sources}
          rowKey={({ site }) => site}
          columns={[
            { key: 'site', header: t('dimension.site'), render: ({ name }) => name },
            { key: 'counted', header: t('access.counted'), render: (source) => time(source.refreshed_at) },
            { key: 'event', header: t('access.lastEvent'), render: (source) => time(source.last_event_at) },
            { key: 'load', header: t('flow.last'), render: (source) => time(source.last_load_at) },
          ]}
        />
      )}
    </Panel>
  );
}
