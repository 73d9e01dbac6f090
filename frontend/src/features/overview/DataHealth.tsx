import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dataHealthQuery } from '../../api/health';
import { refreshEvery, useLive } from '../../board/live';
import { QueryState } from '../../board/QueryState';
import { useAnswer } from '../../board/useAnswer';
import { TextLink } from '../../board/TextLink';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';
import { useSession } from '../../view/session';
import { ask, type View } from '../../view/view';

/** Whether everything that arrived is in the numbers: per site, what came, what became of it, how fresh it is. */
export function DataHealth({ view }: { view: View }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { can } = useSession();
  const { live } = useLive();
  const may = can.includes('load.read');
  const health = useQuery({ ...dataHealthQuery, enabled: may, refetchInterval: live ? refreshEvery : false });
  const answer = useAnswer(ask(view, { metrics: ['views'], dimensions: ['site'] }));
  if (!may) return null;

  const freshness = answer.data?.freshness ?? {};
  const status = (site: string) => {
    const fresh = freshness[site];
    if (!fresh?.refreshed_at) return <StatusDot tone="idle">{t('freshness.unknown')}</StatusDot>;
    const time = format.time(fresh.refreshed_at, undefined, new Date());
    return (
      <StatusDot tone={fresh.pending > 0 ? 'warn' : 'good'}>
        {fresh.pending > 0
          ? t('health.waiting', { time, count: fresh.pending, number: format.integer(fresh.pending) })
          : t('health.current', { time })}
      </StatusDot>
    );
  };
  const nameOf = (code: string) => view.sites.find((site) => site.code === code)?.name ?? code;

  return (
    <Panel
      title={t('health.title')}
      hint={t('health.hint')}
      actions={
        <TextLink to="/data" fz="sm" underline="always">
          {t('health.more')}
        </TextLink>
      }
    >
      <QueryState query={health} lines={2}>
        {({ sites }) => (
          <DataTable
            caption={t('health.title')}
            rows={sites.filter((item) => !view.site || item.site === view.site.code)}
            rowKey={(item) => item.site}
            columns={[
              { key: 'site', header: t('dimension.site'), render: (item) => nameOf(item.site) },
              { key: 'fresh', header: t('health.freshness'), render: (item) => status(item.site) },
              ...(['sent', 'loaded', 'duplicate', 'quarantined', 'skipped'] as const).map((key) => ({
                key,
                header: t(`flow.${key}`),
                numeric: true,
                render: (item: (typeof sites)[number]) => format.integer(item[key]),
              })),
            ]}
          />
        )}
      </QueryState>
    </Panel>
  );
}
