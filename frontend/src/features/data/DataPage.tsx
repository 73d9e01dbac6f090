import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataHealthQuery } from '../../api/health';
import { useLive } from '../../board/live';
import { QueryState } from '../../board/QueryState';
import { StatusLine } from '../../board/StatusLine';
import { useFormat } from '../../i18n/useFormat';
import { EmptyState } from '../../ui/EmptyState';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { useSession } from '../../view/session';
import { AliasesPanel } from './AliasesPanel';
import { BalancePanel } from './BalancePanel';
import { LogsPanel } from './LogsPanel';
import { QuarantinePanel } from './QuarantinePanel';
import { SitesPanel } from './SitesPanel';
import { StepsPanel } from './StepsPanel';

/** In milliseconds: whoever looks here waits for something to change. */
const everyFew = 5_000;

/** What comes in, what became of it, and what waits: nothing may be lost without a reason. */
export function DataPage() {
  const { t } = useTranslation();
  const { sites } = useSession();
  const { live } = useLive();
  const refetchInterval = live ? everyFew : false;
  const query = useQuery({ ...dataHealthQuery, refetchInterval });
  const nameOf = (code: string) => sites.find((site) => site.code === code)?.name ?? code;
  return (
    <>
      <PageHead
        title={t('nav./data')}
        subtitle={t('flow.subtitle')}
        status={<Status asOf={query.data?.as_of} failed={query.isError} />}
      />
      <Stack>
        <QueryState query={query} lines={8}>
          {({ sites: flows, logs, steps, as_of: asOf }) =>
            flows.length === 0 ? (
              <EmptyState reason="nothing" title={t('state.nothingYet')}>
                {t('state.nothingYetText')}
              </EmptyState>
            ) : (
              <>
                <SitesPanel flows={flows} nameOf={nameOf} now={new Date(asOf)} />
                <BalancePanel flows={flows} nameOf={nameOf} />
                <QuarantinePanel nameOf={nameOf} now={new Date(asOf)} refetchInterval={refetchInterval} />
                <AliasesPanel nameOf={nameOf} />
                <LogsPanel logs={logs} nameOf={nameOf} asOf={asOf} />
                <StepsPanel steps={steps} />
              </>
            )
          }
        </QueryState>
      </Stack>
    </>
  );
}

function Status({ asOf, failed }: { asOf: string | undefined; failed: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!asOf) return <StatusLine tone="idle">{t('freshness.unknown')}</StatusLine>;
  return (
    <StatusLine tone={failed ? 'bad' : 'good'}>
      <span>
        {t('freshness.asOf')} <time dateTime={asOf}>{format.clock(asOf, undefined)}</time>
        {failed && ` · ${t('freshness.failed')}`}
      </span>
    </StatusLine>
  );
}
