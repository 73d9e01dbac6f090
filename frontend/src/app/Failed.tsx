import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isProblem, toProblem } from '../api/problem';
import { ErrorState } from '../ui/ErrorState';
import { FrontPage } from '../ui/FrontPage';
import { PageHead } from '../ui/PageHead';
import { Brand } from './Brand';
import { NotYours } from './NotYours';
import { Preferences } from './Preferences';

/** When the page itself could not be opened: the server cannot be reached, or something broke. */
export function Failed({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  // Only who one is was asked for so far, so what was not found is the organisation.
  if (isProblem(error, 404)) {
    return (
      <FrontPage brand={<Brand />} top={<Preferences />}>
        <NotYours />
      </FrontPage>
    );
  }
  const problem = toProblem(error);
  return (
    <main style={{ maxWidth: 560, margin: '12vh auto', padding: 16 }}>
      <PageHead title="Octavo" />
      <ErrorState
        title={problem.status === 0 ? t('state.unreachable') : problem.message}
        detail={problem.status === 0 ? t('state.unreachableText') : problem.detail}
        retry={{ label: t('state.retry'), onRetry: () => void router.invalidate() }}
      />
    </main>
  );
}
