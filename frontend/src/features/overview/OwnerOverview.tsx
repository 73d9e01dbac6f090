import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MetricBoard } from '../../board/MetricBoard';
import { PageStatus } from '../../board/PageStatus';
import { ReadingNow } from '../../board/ReadingNow';
import { TopList } from '../../board/TopList';
import { Halves, Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';
import { useView } from '../../view/useView';
import { DataHealth } from './DataHealth';

/** For the platform's owner: what is read, by how many, where, and whether the numbers can be trusted. */
export function OwnerOverview({ controls }: { controls: ReactNode }) {
  const { t } = useTranslation();
  const view = useView();
  const { organisation } = useSession();
  return (
    <>
      <PageHead
        title={t('overview.title')}
        subtitle={
          <>
            {organisation.name}
            <ReadingNow />
          </>
        }
        controls={controls}
        status={<PageStatus />}
      />
      <Stack>
        <MetricBoard view={view} metrics={['views', 'readers', 'views_per_reader', 'schools', 'minutes']} />
        <DataHealth view={view} />
        <TopList
          view={view}
          title={t('list.sites')}
          dimension="site"
          metrics={['views', 'readers', 'schools', 'minutes']}
        />
        <Halves>
          <TopList
            view={view}
            title={t('list.topPublishers')}
            dimension="publisher"
            metrics={['views', 'readers', 'schools']}
            all="/publishers"
          />
          <TopList
            view={view}
            title={t('list.topBooks')}
            dimension="book"
            metrics={['readers', 'views']}
            all="/books"
          />
          <TopList
            view={view}
            title={t('list.topSchools')}
            dimension="school"
            metrics={['active', 'views']}
            all="/schools"
          />
        </Halves>
      </Stack>
    </>
  );
}
