import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../api/types';
import { useFormat } from '../i18n/useFormat';
import { useView } from '../view/useView';
import { zoneOf } from '../view/view';
import { worstOf, type Freshness } from './freshness';
import { StatusLine } from './StatusLine';

function onScreen(queries: QueryClient): string {
  const active = queries.getQueryCache().findAll({ queryKey: ['answer'], type: 'active' });
  const answered = active.filter((query) => query.state.data !== undefined);
  const failed = answered.some((query) => query.state.status === 'error');
  return JSON.stringify({ ...worstOf(answered.map((query) => query.state.data as Answer)), failed });
}

/** `failed`: a number could not be renewed, and its former value is still on screen. */
function useFreshness(): Freshness & { failed: boolean } {
  const queries = useQueryClient();
  const subscribe = useCallback(
    // The cache tells of changes while React renders; the next turn is early enough for a status line.
    (changed: () => void) => queries.getQueryCache().subscribe(() => queueMicrotask(changed)),
    [queries],
  );
  const state = useSyncExternalStore(subscribe, () => onScreen(queries));
  return useMemo(() => JSON.parse(state) as Freshness & { failed: boolean }, [state]);
}

/** As of when the page's numbers are, whether more is on its way, and the switch that stops them from moving. */
export function PageStatus() {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useView();
  const { asOf, pending, failed } = useFreshness();
  const tone = failed ? 'bad' : pending > 0 ? 'warn' : 'good';
  const state = () => {
    if (failed) return t('freshness.failed');
    if (pending === 0) return t('freshness.upToDate');
    return t('freshness.pending', { count: pending, number: format.integer(pending) });
  };
  return (
    <StatusLine tone={asOf ? tone : 'idle'}>
      {asOf ? (
        <span>
          {t('freshness.asOf')} <time dateTime={asOf}>{format.time(asOf, zoneOf(view), new Date())}</time>
          {` · ${state()}`}
        </span>
      ) : (
        t('freshness.unknown')
      )}
    </StatusLine>
  );
}
