import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../api/problem';
import { ErrorState } from '../ui/ErrorState';
import { PageHead } from '../ui/PageHead';

/** When the page itself could not be opened: the server cannot be reached, or something broke. */
export function Failed({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
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
