import { useTranslation } from 'react-i18next';
import { toProblem } from '../../api/problem';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorState } from '../../ui/ErrorState';
import { TextLink } from '../../board/TextLink';

/** A link that leads nowhere any more, or never did: what to do instead. */
export function DeadLink({ children }: { children: string }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      reason="missing"
      title={t('letter.gone')}
      action={<TextLink to="/sign-in">{t('letter.toSignIn')}</TextLink>}
    >
      {children}
    </EmptyState>
  );
}

/** What was to be done with the link could not be: it is dead, or something else is wrong. */
export function LetterFailed({ error, gone, onRetry }: { error: unknown; gone: string; onRetry: () => void }) {
  const { t } = useTranslation();
  const problem = toProblem(error);
  if (problem.status === 410 || problem.status === 404) return <DeadLink>{gone}</DeadLink>;
  return (
    <ErrorState
      title={problem.status === 0 ? t('state.unreachable') : problem.message}
      detail={problem.status === 0 ? t('state.unreachableText') : problem.detail}
      retry={{ label: t('state.retry'), onRetry }}
    />
  );
}
