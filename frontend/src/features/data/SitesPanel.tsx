import { useTranslation } from 'react-i18next';
import type { SiteFlow } from '../../api/types';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { Panel } from '../../ui/Panel';
import { StatusDot } from '../../ui/StatusDot';

/** Below it a delay is not told apart, in seconds. */
const shortest = 0.1;

interface SitesPanelProps {
  flows: SiteFlow[];
  nameOf: (site: string) => string;
  now: Date;
}

/** How fast each site's events come in, and when the numbers last had them all. */
export function SitesPanel({ flows, nameOf, now }: SitesPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const time = (at: string | null | undefined) => (at ? format.time(at, undefined, now) : '–');
  const delay = (seconds: number | null | undefined) => {
    if (typeof seconds !== 'number') return '–';
    if (seconds < shortest) return t('flow.under', { number: format.decimal(shortest, 1) });
    return t('flow.seconds', { number: format.decimal(seconds, 1) });
  };
  return (
    <Panel title={t('flow.sites')} hint={t('flow.sitesHint')}>
      <DataTable
        caption={t('flow.sites')}
        rows={flows}
        rowKey={({ site }) => site}
        columns={[
          { key: 'site', header: t('dimension.site'), render: ({ site }) => nameOf(site) },
          { key: 'rate', header: t('flow.rate'), numeric: true, render: ({ rate }) => format.decimal(rate, 1) },
          { key: 'p50', header: t('flow.delay50'), numeric: true, render: (flow) => delay(flow.delay_p50) },
          { key: 'p95', header: t('flow.delay95'), numeric: true, render: (flow) => delay(flow.delay_p95) },
          { key: 'last', header: t('flow.last'), render: (flow) => time(flow.last_load_at) },
          { key: 'refreshed', header: t('flow.refreshed'), render: (flow) => time(flow.refreshed_at) },
          {
            key: 'pending',
            header: t('flow.pending'),
            render: ({ pending }) => (
              <StatusDot tone={pending > 0 ? 'warn' : 'good'}>
                {pending > 0 ? format.integer(pending) : t('flow.current')}
              </StatusDot>
            ),
          },
        ]}
      />
    </Panel>
  );
}
