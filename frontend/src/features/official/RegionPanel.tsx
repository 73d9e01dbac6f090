import { useTranslation } from 'react-i18next';
import { csvAddress } from '../../api/address';
import { AnswerNotes } from '../../board/AnswerNotes';
import { CountText } from '../../board/CountText';
import { EmptyAnswer } from '../../board/EmptyAnswer';
import { QueryState } from '../../board/QueryState';
import { useAnswer } from '../../board/useAnswer';
import { useTitles } from '../../board/words';
import { useFormat } from '../../i18n/useFormat';
import { DataTable } from '../../ui/DataTable';
import { DownloadLink } from '../../ui/DownloadLink';
import { HiddenLegend } from '../../ui/HiddenCell';
import { Panel } from '../../ui/Panel';
import { ask, type View } from '../../view/view';
import { regionTable, type RegionRow } from './pivot';

export function RegionPanel({ view, metric }: { view: View; metric: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = useTitles();
  const question = ask(view, { metrics: [metric], dimensions: ['region'], grain: 'month', limit: 10_000 });
  const query = useAnswer(question);
  const title = t('official.regions', { metric: titles.metric(metric) });
  return (
    <Panel
      title={title}
      busy={query.isPlaceholderData}
      actions={<DownloadLink href={csvAddress(question)} text={t('download.csv')} what={title} />}
      footer={
        <>
          <HiddenLegend meaning={t('hidden.legend')} />
          {query.data && <AnswerNotes answer={query.data} except={['hidden', 'partial_period', 'empty']} />}
        </>
      }
    >
      <QueryState query={query}>
        {(answer) => {
          const table = regionTable(answer, metric);
          if (table.rows.length === 0) return <EmptyAnswer answer={answer} />;
          return (
            <DataTable
              caption={title}
              rows={table.rows}
              rowKey={(row) => row.code}
              columns={[
                { key: 'region', header: t('dimension.region'), render: (row) => row.name },
                ...table.months.map((month) => ({
                  key: month,
                  header: format.monthShort(month),
                  numeric: true,
                  render: (row: RegionRow) => <CountText metric={metric} value={row.byMonth.get(month) ?? null} />,
                })),
              ]}
            />
          );
        }}
      </QueryState>
    </Panel>
  );
}
