import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { booksQuery } from '../../api/entities';
import type { Book } from '../../api/types';
import { CountText } from '../../board/CountText';
import { EntityLink } from '../../board/EntityLink';
import { ListPage } from '../../board/ListPage';
import { PageStatus } from '../../board/PageStatus';
import { useUsage } from '../../board/useUsage';
import { useTitles } from '../../board/words';
import { useCatalog } from '../../view/session';
import { useView, useViewSearch } from '../../view/useView';

export function BookList({ controls }: { controls: ReactNode }) {
  const { t } = useTranslation();
  const titles = useTitles();
  const catalog = useCatalog();
  const view = useView();
  const { q } = useViewSearch();
  const query = useQuery({ ...booksQuery({ q, site: view.site?.code }), placeholderData: keepPreviousData });
  const metrics = ['readers', 'views'].filter(catalog.metric);
  const used = useUsage(view, 'book', metrics, query.data?.items.map((book) => book.code) ?? []);
  return (
    <ListPage
      title={t('nav./books')}
      searchLabel={t('list.searchBooks')}
      query={query}
      csv={used.csv}
      controls={controls}
      status={<PageStatus />}
      rowKey={(book) => book.code}
      columns={[
        {
          key: 'name',
          header: t('dimension.book'),
          render: (book) => <EntityLink dimension="book" code={book.code} name={book.name} />,
        },
        { key: 'code', header: t('list.code'), render: (book) => book.code },
        { key: 'publisher', header: t('dimension.publisher'), render: (book) => book.publisher_name ?? '–' },
        {
          key: 'subject',
          header: t('dimension.subject'),
          render: (book) => (book.subject ? titles.value('subject', book.subject) : '–'),
        },
        { key: 'grades', header: t('dimension.grade'), render: (book) => book.grades.join(', ') || '–' },
        ...metrics.map((metric) => ({
          key: metric,
          header: titles.metric(metric),
          numeric: true,
          render: (book: Book) => <CountText metric={metric} value={used.of(book.code, metric)} />,
        })),
      ]}
    />
  );
}
