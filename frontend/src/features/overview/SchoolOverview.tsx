import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../api/cells';
import { schoolQuery } from '../../api/entities';
import { LicenceCard } from '../../board/LicenceCard';
import { MetricBoard } from '../../board/MetricBoard';
import { PageStatus } from '../../board/PageStatus';
import { ReadingNow } from '../../board/ReadingNow';
import { TopList } from '../../board/TopList';
import { Halves, Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';
import { useView } from '../../view/useView';

/** For a school's head: are we using what we pay for, who is, and which books. */
export function SchoolOverview({ controls }: { controls: ReactNode }) {
  const { t } = useTranslation();
  const view = useView();
  const { home, organisation } = useSession();
  const school = useQuery({ ...schoolQuery(home?.code ?? ''), enabled: home?.dimension === 'school' });
  const licences = school.data?.licences ?? null;
  const together = { pupils_active: ['teachers_active'], teachers_active: ['pupils_active'] };
  return (
    <>
      <PageHead
        title={t('overview.title')}
        subtitle={
          <>
            {[home?.name ?? organisation.name, school.data?.region_name].filter(Boolean).join(' · ')}
            <ReadingNow />
          </>
        }
        controls={controls}
        status={<PageStatus />}
      />
      <Stack>
        <MetricBoard
          view={view}
          metrics={['pupils_active', 'teachers_active', 'views', 'minutes', 'minutes_per_reader', 'exercises']}
          together={together}
          besides={(totals) => <LicenceCard active={count(totals.pupils_active)} licences={licences} />}
        />
        <Halves>
          <TopList
            view={view}
            title={t('list.topBooks')}
            dimension="book"
            metrics={['readers', 'views']}
            all="/books"
          />
          <TopList
            view={view}
            title={t('list.byGrade')}
            dimension="grade"
            metrics={['readers', 'views', 'minutes']}
            natural
            limit={20}
          />
          <TopList
            view={view}
            title={t('list.bySubject')}
            dimension="subject"
            metrics={['readers', 'views', 'minutes']}
          />
        </Halves>
      </Stack>
    </>
  );
}
