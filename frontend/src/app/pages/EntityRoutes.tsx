import { useParams } from '@tanstack/react-router';
import { BookPage } from '../../features/book/BookPage';
import { PeriodPicker } from '../../features/period/PeriodPicker';
import { PublisherPage } from '../../features/publishers/PublisherPage';
import { SchoolPage } from '../../features/school/SchoolPage';
import { Back } from './Back';

// Keyed by code: another school's page starts anew and never shows the former one's numbers meanwhile.

export function SchoolRoute() {
  const { code } = useParams({ from: '/signed-in/schools/$code' });
  return <SchoolPage key={code} code={code} controls={<PeriodPicker />} back={<Back to="/schools" />} />;
}

export function BookRoute() {
  const { code } = useParams({ from: '/signed-in/books/$code' });
  return <BookPage key={code} code={code} controls={<PeriodPicker />} back={<Back to="/books" />} />;
}

export function PublisherRoute() {
  const { code } = useParams({ from: '/signed-in/publishers/$code' });
  return <PublisherPage key={code} code={code} controls={<PeriodPicker />} back={<Back to="/publishers" />} />;
}
