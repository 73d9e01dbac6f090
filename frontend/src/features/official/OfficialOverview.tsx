import { useTranslation } from 'react-i18next';
import { csvAddress } from '../../api/address';
import { countAt, textAt } from '../../api/cells';
import type { Answer } from '../../api/types';
import { ChartPanel } from '../../board/ChartPanel';
import { MetricCards } from '../../board/MetricCards';
import { PageStatus } from '../../board/PageStatus';
import { QueryState } from '../../board/QueryState';
import { useAnswer } from '../../board/useAnswer';
import { useFormat } from '../../i18n/useFormat';
import { DownloadLink } from '../../ui/DownloadLink';
import { Stack } from '../../ui/Layout';
import { PageHead } from '../../ui/PageHead';
import { Panel } from '../../ui/Panel';
import { useCatalog, useSession } from '../../view/session';
import { useChangeView, useView, useViewSearch } from '../../view/useView';
import { ask } from '../../view/view';
import { MonthPicker } from './MonthPicker';
import { monthsOf } from './months';
import classes from './Official.module.css';
import { RegionPanel } from './RegionPanel';

const wanted = ['pupils_active', 'teachers_active', 'readers', 'views', 'minutes'];
const csvRows = 100_000;

/** The newest month as totals, the month before it as what they are compared with. */
function latestTotals(answer: Answer, metrics: string[]): Answer['totals'] {
  const latest = answer.rows.at(-1);
  const before = answer.rows.at(-2);
  if (!latest) return {};
  return Object.fromEntries(
    metrics.flatMap((metric) => [
      [metric, countAt(answer, latest, metric)],
      ...(before ? [[`${metric}_previous`, countAt(answer, before, metric)]] : []),
    ]),
  ) as Answer['totals'];
}

/** For an authority: whole past months by region, with small numbers hidden to protect pupils. */
export function OfficialOverview() {
  const { t } = useTranslation();
  const format = useFormat();
  const { home, organisation } = useSession();
  const catalog = useCatalog();
  const changeView = useChangeView();
  const months = monthsOf(useViewSearch(), useView().today);
  const view = { ...useView(), ...months };
  const metrics = wanted.filter(catalog.metric);
  const chosen = metrics.find((metric) => metric === view.metric) ?? metrics[0] ?? '';
  const question = ask(view, { metrics, grain: 'month' });
  const query = useAnswer(question, metrics.length > 0);
  const everything = ask(view, {
    metrics,
    dimensions: ['region', 'school'].filter(catalog.dimension),
    grain: 'month',
    limit: csvRows,
  });
  const latest = query.data && textAt(query.data, query.data.rows.at(-1) ?? [], 'month');
  return (
    <>
      <PageHead
        title={t('official.title')}
        subtitle={home?.name ?? organisation.name}
        controls={<MonthPicker months={months} />}
        status={<PageStatus />}
      />
      <Stack>
        <QueryState query={query} lines={8}>
          {(answer) => (
            <Stack>
              {latest && <p className={classes.text}>{t('official.latest', { month: format.month(latest) })}</p>}
              <MetricCards
                question={question}
                answer={answer}
                view={view}
                totals={latestTotals(answer, metrics)}
                metrics={metrics}
                selected={chosen}
                onSelect={(metric) => changeView({ metric }, { replace: true })}
              />
              <ChartPanel
                answer={answer}
                answeredAt={query.dataUpdatedAt}
                question={question}
                metrics={[chosen]}
                view={view}
                busy={query.isPlaceholderData}
              />
            </Stack>
          )}
        </QueryState>
        {chosen !== '' && <RegionPanel view={view} metric={chosen} />}
        <Panel title={t('official.download')}>
          <div className={classes.downloads}>
            <p className={classes.text}>{t('official.downloadText')}</p>
            <DownloadLink
              strong
              href={csvAddress(everything)}
              text={t('official.downloadCsv')}
              what={t('official.downloadWhat')}
            />
          </div>
        </Panel>
      </Stack>
    </>
  );
}
