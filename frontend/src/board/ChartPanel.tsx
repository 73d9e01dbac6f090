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
import { chartModel, extremes } from '../charts/model';
import { chartOption } from '../charts/option';
import { chartTokens } from '../tokens/chart';
import { DownloadLink } from '../ui/DownloadLink';
import { Panel } from '../ui/Panel';
import { periodRange } from '../view/dates';
import { AnswerNotes } from './AnswerNotes';
import { EmptyAnswer } from './EmptyAnswer';
import { useChartWords, useTitles } from './words';

interface ChartPanelProps {
  answer: Answer;
  question: Question;
  metrics: string[];
  today: string;
  busy: boolean;
  controls?: ReactNode;
}

/** One chart with its legend, its numbers as a table, and its file. */
export function ChartPanel({ answer, question, metrics, today, busy, controls }: ChartPanelProps) {
  const { t } = useTranslation();
  const [tabled, setTabled] = useState(false);
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const titles = useTitles();
  const { from, to } = question;
  const metricsKey = metrics.join();
  const model = useMemo(
    () => chartModel({ answer, metrics: metricsKey.split(','), range: { from, to }, today, periodRange }),
    [answer, metricsKey, from, to, today],
  );
  const words = useChartWords(model?.grain ?? 'day');
  const tokens = chartTokens(scheme);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the words change only with the language, which t stands for
  const option = useMemo(() => (model ? chartOption(model, tokens, words, still) : null), [model, tokens, still, t]);

  const names = metrics
    .map((metric, place) => (place === 0 ? titles.metric(metric) : titles.metric(metric).toLowerCase()))
    .join(t('chart.and'));
  const title = t(`chart.title.${model?.grain ?? 'day'}`, { metrics: names });
  const ends = model ? extremes(model) : null;
  const summary = ends
    ? t('chart.summary', {
        title,
        count: model?.periods.length,
        lowest: words.number(ends.lowest.value),
        lowestPeriod: words.period(ends.lowest.period),
        highest: words.number(ends.highest.value),
        highestPeriod: words.period(ends.highest.period),
      })
    : title;
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
