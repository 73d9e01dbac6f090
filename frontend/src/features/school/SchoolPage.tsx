import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../api/cells';
import { schoolQuery } from '../../api/entities';
import { LicenceCard } from '../../board/LicenceCard';
import { MetricBoard } from '../../board/MetricBoard';
import { PageStatus } from '../../board/PageStatus';
import { QueryState } from '../../board/QueryState';
import { TopList } from '../../board/TopList';
import { Halves, Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useView } from '../../view/useView';

const metrics = ['pupils_active', 'teachers_active', 'readers', 'views', 'minutes', 'exercises'];

/** One school. */
export function SchoolPage({ code, controls, back }: { code: string; controls: ReactNode; back: ReactNode }) {
  const { t } = useTranslation();
  const view = useView();
  const school = useQuery(schoolQuery(code));
  const filters = [{ dimension: 'school', in: [code] }];
  return (
    <>
      <PageHead
        title={school.data?.name ?? t('dimension.school')}
        eyebrow={back}
        subtitle={[school.data?.region_name, code].filter(Boolean).join(' · ')}
        controls={school.data && controls}
        status={school.data && <PageStatus />}
      />
      <QueryState query={school} lines={8}>
        {({ licences }) => (
          <Stack>
            <MetricBoard
              view={view}
              metrics={metrics}
              filters={filters}
              together={{ pupils_active: ['teachers_active'], teachers_active: ['pupils_active'] }}
              besides={(totals) => <LicenceCard active={count(totals.pupils_active)} licences={licences ?? null} />}
            />
            <Halves>
              <TopList
                view={view}
                title={t('list.topBooks')}
                dimension="book"
                metrics={['readers', 'views', 'minutes']}
                filters={filters}
              />
              <TopList
                view={view}
                title={t('list.byGrade')}
                dimension="grade"
                metrics={['readers', 'views']}
                filters={filters}
                natural
                limit={20}
              />
            </Halves>
          </Stack>
        )}
      </QueryState>
    </>
  );
}
