import { useTranslation } from 'react-i18next';
import type { LiveItem } from '../../api/types';
import { EntityLink, isLinked } from '../../board/EntityLink';
import { useTitles } from '../../board/words';
import { Pulse } from '../../charts/Pulse';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { EmptyState } from '../../ui/EmptyState';
import { share, total } from './told';

interface BusyListProps {
  title: string;
  dimension: 'site' | 'book' | 'school';
  items: LiveItem[];
  /** Readers below which numbers are left out. */
  fewest: number;
}

/** Where it is read: readers, and a tiny picture of the last five minutes, each a way into its own page. */
export function BusyList({ title, dimension, items, fewest }: BusyListProps) {
  const { t } = useTranslation();
  const titles = useTitles();
  const format = useFormat();
  const most = Math.max(0, ...items.map(({ reading }) => reading.readers_5 ?? 0));
  const readers = (count: number | null | undefined) =>
    typeof count === 'number' ? format.integer(count) : t('live.fewer', { count: fewest });
  const events = (item: LiveItem) => {
    const { events } = item.reading;
    if (events.length === 0) return '–';
    const count = total(events);
    return <Pulse tiny values={events} summary={t('live.of', { count, number: format.integer(count) })} />;
  };
  return (
    <Panel title={title} hint={t('live.listHint')}>
      {items.length === 0 ? (
        <EmptyState reason="hidden" title={t('live.noBooks', { count: fewest })}>
          {t('live.noBooksText', { count: fewest })}
        </EmptyState>
      ) : (
        <DataTable
          caption={title}
          rows={items}
          rowKey={({ code }) => code}
          columns={[
            {
              key: 'name',
              header: titles.dimension(dimension),
              render: ({ code, name }) =>
                isLinked(dimension) ? <EntityLink dimension={dimension} code={code} name={name} /> : name,
              bar: ({ reading }) => share(reading, most),
            },
            {
              key: 'readers_5',
              header: t('live.inFive'),
              numeric: true,
              render: ({ reading }) => readers(reading.readers_5),
            },
            {
              key: 'readers_30',
              header: t('live.inThirty'),
              numeric: true,
              render: ({ reading }) => readers(reading.readers_30),
            },
            { key: 'events', header: t('live.events'), numeric: true, render: events },
          ]}
        />
      )}
    </Panel>
  );
}
