import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { schoolsQuery } from '../../api/entities';
import type { School } from '../../api/types';
import { CountText } from '../../board/CountText';
import { EntityLink } from '../../board/EntityLink';
import { ListPage } from '../../board/ListPage';
import { PageStatus } from '../../board/PageStatus';
import { useUsage } from '../../board/useUsage';
import { useTitles } from '../../board/words';
import { useFormat } from '../../i18n/useFormat';
import { useCatalog } from '../../view/session';
import { useView, useViewSearch } from '../../view/useView';

export function SchoolList({ controls }: { controls: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = useTitles();
  const catalog = useCatalog();
  const view = useView();
  const { q } = useViewSearch();
  const query = useQuery({ ...schoolsQuery({ q, site: view.site?.code }), placeholderData: keepPreviousData });
  const metrics = ['pupils_active', 'readers', 'views'].filter(catalog.metric);
  const used = useUsage(view, 'school', metrics, query.data?.items.map((school) => school.code) ?? []);
  return (
    <ListPage
      title={t('nav./schools')}
      searchLabel={t('list.searchSchools')}
      query={query}
      csv={used.csv}
      controls={controls}
      status={<PageStatus />}
      rowKey={(school) => school.code}
      columns={[
        {
          key: 'name',
          header: t('dimension.school'),
          render: (school) => <EntityLink dimension="school" code={school.code} name={school.name} />,
        },
        { key: 'code', header: t('list.code'), render: (school) => school.code },
        { key: 'region', header: t('dimension.region'), render: (school) => school.region_name ?? '–' },
        ...metrics.map((metric) => ({
          key: metric,
          header: titles.metric(metric),
          numeric: true,
          render: (school: School) => <CountText metric={metric} value={used.of(school.code, metric)} />,
        })),
        {
          key: 'licences',
          header: t('licences.count'),
          numeric: true,
          render: (school) => (school.licences ? format.integer(school.licences) : '–'),
        },
      ]}
    />
  );
}
