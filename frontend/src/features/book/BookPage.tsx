import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bookQuery } from '../../api/entities';
import { MetricBoard } from '../../board/MetricBoard';
import { PageStatus } from '../../board/PageStatus';
import { QueryState } from '../../board/QueryState';
import { TopList } from '../../board/TopList';
import { useTitles } from '../../board/words';
import { Halves, Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';
import { useView } from '../../view/useView';

/** One book: its readers, and how far into it they get. */
export function BookPage({ code, controls, back }: { code: string; controls: ReactNode; back: ReactNode }) {
  const { t } = useTranslation();
  const view = useView();
  const titles = useTitles();
  const book = useQuery(bookQuery(code));
  // One school has nothing to learn from how many schools there are, and which.
  const ownSchoolOnly = useSession().home?.dimension === 'school';
  const filters = [{ dimension: 'book', in: [code] }];
  const facts = book.data && [
    book.data.publisher_name,
    book.data.subject && titles.value('subject', book.data.subject),
    book.data.grades.length > 0 && t('book.grades', { grades: book.data.grades.join(', ') }),
    code,
  ];
  return (
    <>
      <PageHead
        title={book.data?.name ?? t('dimension.book')}
        eyebrow={back}
        subtitle={facts ? facts.filter(Boolean).join(' · ') : code}
        controls={book.data && controls}
        status={book.data && <PageStatus />}
      />
      <QueryState query={book} lines={8}>
        {() => (
          <Stack>
            <MetricBoard
              view={view}
              metrics={[
                'readers',
                'views',
                'minutes',
                'minutes_per_reader',
                ...(ownSchoolOnly ? [] : ['schools']),
                'exercises',
              ]}
              filters={filters}
            />
            <Halves>
              <TopList
                view={view}
                title={t('list.byChapter')}
                dimension="chapter"
                metrics={['readers', 'views', 'minutes']}
                filters={filters}
                natural
                limit={100}
              />
              <TopList
                view={view}
                title={t('list.byRole')}
                dimension="role"
                metrics={['readers', 'views']}
                filters={filters}
              />
              {!ownSchoolOnly && (
                <TopList
                  view={view}
                  title={t('list.topSchools')}
                  dimension="school"
                  metrics={['readers', 'views']}
                  filters={filters}
                />
              )}
            </Halves>
          </Stack>
        )}
      </QueryState>
    </>
  );
}
