import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, Question } from '../api/types';
import { Panel } from '../ui/Panel';
import { Stack } from '../ui/Layout';
import { useCatalog } from '../view/session';
import { useChangeView } from '../view/useView';
import { ask, type View } from '../view/view';
import { ChartPanel } from './ChartPanel';
import { GrainSwitch } from './GrainSwitch';
import { MetricCards } from './MetricCards';
import { QueryState } from './QueryState';
import { useAnswer } from './useAnswer';

/** More than the days of any range that is asked for, so that a chart is never cut. */
const mostPeriods = 10_000;

interface MetricBoardProps {
  view: View;
  metrics: string[];
  filters?: Question['filters'];
  /** Metrics that are drawn together with a chosen one. */
  together?: Record<string, string[]>;
  /** Cards beside the metrics' own, made from the totals. */
  besides?: (totals: Answer['totals']) => ReactNode;
}

/** The cards and the one chart of a page: a single question, so that they can never disagree. */
export function MetricBoard({ view, metrics, filters, together = {}, besides }: MetricBoardProps) {
  const { t } = useTranslation();
  const catalog = useCatalog();
  const changeView = useChangeView();
  const offered = metrics.filter(catalog.metric);
  const question = ask(view, { metrics: offered, grain: view.grain, filters, limit: mostPeriods }, { compared: true });
  const query = useAnswer(question, offered.length > 0);
  const chosen = offered.find((metric) => metric === view.metric) ?? offered[0] ?? '';
  if (query.data === undefined) {
    return (
      <Panel title={t('card.group')}>
        <QueryState query={query} lines={8}>
          {() => null}
        </QueryState>
      </Panel>
    );
  }
  return (
    <Stack>
      <MetricCards
        question={question}
        answer={query.data}
        view={view}
        totals={query.data.totals}
        metrics={offered}
        selected={chosen}
        onSelect={(metric) => changeView({ metric }, { replace: true })}
      >
        {besides?.(query.data.totals)}
      </MetricCards>
      <ChartPanel
        answer={query.data}
        answeredAt={query.dataUpdatedAt}
        question={question}
        metrics={[chosen, ...(together[chosen] ?? []).filter((metric) => offered.includes(metric))]}
        view={view}
        busy={query.isPlaceholderData}
        controls={<GrainSwitch view={view} />}
      />
    </Stack>
  );
}
