import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { MetricBoard } from '../../board/MetricBoard';
import { PageStatus } from '../../board/PageStatus';
import { TopList } from '../../board/TopList';
import { Halves, Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';
import { useView } from '../../view/useView';
import { LatestStatements } from './LatestStatements';

/** For a publisher: how far the titles reach, which lead, and what has been earned. */
export function PublisherOverview({ controls }: { controls: ReactNode }) {
  const { t } = useTranslation();
  const view = useView();
  const { home, organisation } = useSession();
  const together = { readers: ['views'], views: ['readers'] };
  return (
    <>
      <PageHead
        title={t('overview.title')}
        subtitle={home?.name ?? organisation.name}
        controls={controls}
        status={<PageStatus />}
      />
      <Stack>
        <MetricBoard view={view} metrics={['readers', 'views', 'schools', 'minutes']} together={together} />
        <Halves>
          <TopList
            view={view}
            title={t('list.topBooks')}
            dimension="book"
            metrics={['readers', 'views', 'schools']}
            all="/books"
          />
          <LatestStatements view={view} />
          <TopList
            view={view}
            title={t('list.topSchools')}
            dimension="school"
            metrics={['readers', 'views']}
            all="/schools"
          />
          <TopList
            view={view}
            title={t('list.byGrade')}
            dimension="grade"
            metrics={['readers', 'views']}
            natural
            limit={20}
          />
        </Halves>
      </Stack>
    </>
  );
}
