import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { publisherQuery } from '../../api/entities';
import { MetricBoard } from '../../board/MetricBoard';
import { PageStatus } from '../../board/PageStatus';
import { QueryState } from '../../board/QueryState';
import { TopList } from '../../board/TopList';
import { Halves, Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useView } from '../../view/useView';

/** One publisher, as the platform's owner sees it. */
export function PublisherPage({ code, controls, back }: { code: string; controls: ReactNode; back: ReactNode }) {
  const { t } = useTranslation();
  const view = useView();
  const publisher = useQuery(publisherQuery(code));
  const filters = [{ dimension: 'publisher', in: [code] }];
  return (
    <>
      <PageHead
        title={publisher.data?.name ?? t('dimension.publisher')}
        eyebrow={back}
        subtitle={code}
        controls={publisher.data && controls}
        status={publisher.data && <PageStatus />}
      />
      <QueryState query={publisher} lines={8}>
        {() => (
          <Stack>
            <MetricBoard view={view} metrics={['readers', 'views', 'schools', 'minutes']} filters={filters} />
            <Halves>
              <TopList
                view={view}
                title={t('list.topBooks')}
                dimension="book"
                metrics={['readers', 'views', 'schools']}
                filters={filters}
              />
              <TopList
                view={view}
                title={t('list.topSchools')}
                dimension="school"
                metrics={['readers', 'views']}
                filters={filters}
              />
            </Halves>
          </Stack>
        )}
      </QueryState>
    </>
  );
}
