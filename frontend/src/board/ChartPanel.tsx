import { Button, useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { csvAddress } from '../api/address';
import type { Answer, Question } from '../api/types';
import { Chart } from '../charts/Chart';
import { ChartTable } from '../charts/ChartTable';
import { Legend } from '../charts/Legend';
import { chartModel } from '../charts/model';
import { chartOption } from '../charts/option';
import { chartTokens } from '../tokens/chart';
import { DownloadLink } from '../ui/DownloadLink';
import { Panel } from '../ui/Panel';
import { periodDays } from '../view/calendar';
import { alignedEnds } from '../view/compares';
import type { View } from '../view/view';
import { AnswerNotes } from './AnswerNotes';
import { EmptyAnswer } from './EmptyAnswer';
import { useChartSummary } from './useChartSummary';
import { useChartWords, useTitles } from './words';

interface ChartPanelProps {
  answer: Answer;
  /** When the answer came, in milliseconds since 1970. */
  answeredAt: number;
  question: Question;
  metrics: string[];
  view: View;
  busy: boolean;
  controls?: ReactNode;
}

/** One chart with its legend, its numbers as a table, and its file. */
export function ChartPanel({ answer, answeredAt, question, metrics, view, busy, controls }: ChartPanelProps) {
  const { t } = useTranslation();
  const [tabled, setTabled] = useState(false);
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const titles = useTitles();
  const { today, calendar, grain, compare, matchWeekday } = view;
  const aligned = alignedEnds(grain, view, compare, matchWeekday);
  const metricsKey = metrics.join();
  const model = useMemo(
    () =>
      chartModel({
        answer,
        metrics: metricsKey.split(','),
        clock: { today, now: answeredAt },
        daysOf: (grain, period) => periodDays(grain, period, calendar),
        alignedEnds: aligned,
      }),
    [answer, metricsKey, today, answeredAt, calendar, aligned],
  );
  const words = useChartWords(model?.grain ?? 'day', metrics[0] ?? '', question.compare);
  const summaryOf = useChartSummary();
  const tokens = chartTokens(scheme);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the words change only with the language, which t stands for
  const option = useMemo(() => (model ? chartOption(model, tokens, words, still) : null), [model, tokens, still, t]);

  const names = metrics
    .map((metric, place) => (place === 0 ? titles.metric(metric) : titles.metric(metric).toLowerCase()))
    .join(t('chart.and'));
  const title = t(`chart.title.${model?.grain ?? 'day'}`, { metrics: names });
  const summary = model ? summaryOf(title, model, words) : title;
  const empty = !model?.series.some((series) => series.values.some((value) => value !== null && value !== 0));

  return (
    <Panel
      title={title}
      busy={busy}
      actions={
        <>
          {controls}
          <Button
            size="compact-sm"
            fz={13}
            variant="default"
            aria-pressed={tabled}
            leftSection={tabled ? <IconChartLine size={16} aria-hidden /> : <IconTable size={16} aria-hidden />}
            onClick={() => setTabled(!tabled)}
          >
            {t('chart.asTable')}
          </Button>
          <DownloadLink href={csvAddress(question)} text={t('download.csv')} what={title} />
        </>
      }
      footer={<AnswerNotes answer={answer} except={['partial_period', 'empty']} />}
    >
      {empty || !model || !option ? (
        <EmptyAnswer answer={answer} widening />
      ) : (
        <>
          <Legend model={model} tokens={tokens} words={words} />
          {tabled ? (
            <ChartTable model={model} words={words} caption={title} periodHeader={t('chart.period')} />
          ) : (
            <Chart option={option} summary={summary} />
          )}
        </>
      )}
    </Panel>
  );
}
