import { UnstyledButton } from '@mantine/core';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../api/types';
import { useFormat } from '../i18n/useFormat';
import { StatusDot } from '../ui/StatusDot';
import { useView } from '../view/useView';
import { worstOf, type Freshness } from './freshness';
import { useLive } from './live';
import classes from './PageStatus.module.css';

function onScreen(queries: QueryClient): string {
  const active = queries.getQueryCache().findAll({ queryKey: ['answer'], type: 'active' });
  const answers = active.flatMap((query) => (query.state.data ? [query.state.data as Answer] : []));
  return JSON.stringify(worstOf(answers));
}

function useFreshness(): Freshness {
  const queries = useQueryClient();
  const subscribe = useCallback(
    // The cache tells of changes while React renders; the next turn is early enough for a status line.
    (changed: () => void) => queries.getQueryCache().subscribe(() => queueMicrotask(changed)),
    [queries],
  );
  const state = useSyncExternalStore(subscribe, () => onScreen(queries));
  return useMemo(() => JSON.parse(state) as Freshness, [state]);
}

/** As of when the page's numbers are, whether more is on its way, and the switch that stops them from moving. */
export function PageStatus() {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useView();
  const { live, setLive } = useLive();
  const { asOf, pending } = useFreshness();
  const site = view.site ?? view.sites[0];
  return (
    <p className={classes.status}>
      {asOf ? (
        <StatusDot tone={pending > 0 ? 'warn' : 'good'}>
          <span>
            {t('freshness.asOf')} <time dateTime={asOf}>{format.time(asOf, site?.zone, new Date())}</time>
            {' · '}
            {pending > 0 ? t('freshness.pending', { count: pending, number: format.integer(pending) }) : t('freshness.upToDate')}
          </span>
        </StatusDot>
      ) : (
        <StatusDot tone="idle">{t('freshness.unknown')}</StatusDot>
      )}
      <UnstyledButton className={classes.pause} onClick={() => setLive(!live)} aria-pressed={!live}>
        {t('freshness.pause')}
      </UnstyledButton>
    </p>
  );
}
