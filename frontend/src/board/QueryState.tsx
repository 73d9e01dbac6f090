import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../api/problem';
import { EmptyState } from '../ui/EmptyState';
import { ErrorState } from '../ui/ErrorState';
import { Loading } from '../ui/Loading';

interface QueryStateProps<T> {
  query: UseQueryResult<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}

/** What stands in the place of data: shapes while it loads, the server's own words when it is refused. */
export function QueryState<T>({ query, lines, children }: QueryStateProps<T>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isPending) return <Loading label={t('state.loading')} lines={lines} />;
  const problem = toProblem(query.error);
  if (problem.status === 403) {
    return (
      <EmptyState reason="forbidden" title={t('state.forbidden')}>
        {problem.detail}
      </EmptyState>
    );
  }
  if (problem.status === 404) {
    return (
      <EmptyState reason="missing" title={t('state.notFound')}>
        {t('state.notFoundText')}
      </EmptyState>
    );
  }
  return (
    <ErrorState
      title={problem.status === 0 ? t('state.unreachable') : problem.message}
      detail={problem.status === 0 ? t('state.unreachableText') : problem.detail}
      retry={{ label: t('state.retry'), onRetry: () => void query.refetch() }}
    />
  );
}
