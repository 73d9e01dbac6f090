import { BookList } from '../../features/book/BookList';
import { PeriodPicker } from '../../features/period/PeriodPicker';
import { PublisherList } from '../../features/publishers/PublisherList';
import { SchoolList } from '../../features/school/SchoolList';

export function SchoolsRoute() {
  return <SchoolList controls={<PeriodPicker comparing={false} />} />;
}

export function BooksRoute() {
  return <BookList controls={<PeriodPicker comparing={false} />} />;
}

export function PublishersRoute() {
  return <PublisherList controls={<PeriodPicker comparing={false} />} />;
}
