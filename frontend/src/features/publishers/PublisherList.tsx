import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { publishersQuery } from '../../api/entities';
import type { Publisher } from '../../api/types';
import { CountText } from '../../board/CountText';
import { EntityLink } from '../../board/EntityLink';
import { ListPage } from '../../board/ListPage';
import { PageStatus } from '../../board/PageStatus';
import { useUsage } from '../../board/useUsage';
import { useTitles } from '../../board/words';
import { useCatalog } from '../../view/session';
import { useView, useViewSearch } from '../../view/useView';

export function PublisherList({ controls }: { controls: ReactNode }) {
  const { t } = useTranslation();
  const titles = useTitles();
  const catalog = useCatalog();
  const view = useView();
  const { q } = useViewSearch();
  const query = useQuery({ ...publishersQuery({ q, site: view.site?.code }), placeholderData: keepPreviousData });
  const metrics = ['views', 'readers', 'schools', 'books'].filter(catalog.metric);
  const used = useUsage(view, 'publisher', metrics, query.data?.items.map((publisher) => publisher.code) ?? []);
  return (
    <ListPage
      title={t('nav./publishers')}
      searchLabel={t('list.searchPublishers')}
      query={query}
      csv={used.csv}
      controls={controls}
      status={<PageStatus />}
      rowKey={(publisher) => publisher.code}
      columns={[
        {
          key: 'name',
          header: t('dimension.publisher'),
          render: (item) => <EntityLink dimension="publisher" code={item.code} name={item.name} />,
        },
        { key: 'code', header: t('list.code'), render: (item) => item.code },
        ...metrics.map((metric) => ({
          key: metric,
          header: titles.metric(metric),
          numeric: true,
          render: (item: Publisher) => <CountText metric={metric} value={used.of(item.code, metric)} />,
        })),
      ]}
    />
  );
}
