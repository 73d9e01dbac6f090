import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../api/types';
import type { ChartSeries } from '../charts/model';
import type { ChartWords } from '../charts/option';
import type { ChartGrain } from '../charts/periodState';
import { useFormat } from '../i18n/useFormat';
import { useCatalog } from '../view/session';
import { usePeriodWords } from './periodWords';
import { useChange } from './useChange';
import { useNumber } from './useNumber';

/** The name of a metric or dimension: the language's own word, else the catalogue's title. */
export function useTitles(): {
  metric: (name: string) => string;
  dimension: (name: string) => string;
  value: (dimension: string, code: string) => string;
} {
  const { t } = useTranslation();
  const { catalog } = useCatalog();
  return useMemo(() => {
    const title = (list: { name: string; title: string }[] | undefined, name: string) =>
      list?.find((each) => each.name === name)?.title ?? name;
    return {
      metric: (name) => t(`metric.${name}`, { defaultValue: title(catalog?.metrics, name) }),
      dimension: (name) => t(`dimension.${name}`, { defaultValue: title(catalog?.dimensions, name) }),
      value: (dimension, code) => t(`value.${dimension}.${code}`, { defaultValue: code }),
    };
  }, [t, catalog]);
}

/** `leading` is the metric that is compared, `compare` what with. */
export function useChartWords(grain: ChartGrain, leading: string, compare: Question['compare']): ChartWords {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = useTitles();
  const period = usePeriodWords();
  const change = useChange();
  const before = t(`chart.before.${compare ?? 'previous_period'}`);
  return {
    series: ({ metric, previous }: ChartSeries) =>
      previous ? `${titles.metric(metric)}, ${before}` : titles.metric(metric),
    period: (label) => period.long(grain, label),
    axis: (label) => period.short(grain, label),
    number: useNumber(),
    axisNumber: format.compact,
    onRight: (name) => t('chart.onRight', { name }),
    state: { running: t('chart.running'), cut: t('chart.cut'), ahead: t('chart.ahead') },
    change: (value, previous) => change(leading, value, previous)?.text,
    changed: t('card.change'),
    hidden: t('hidden.meaning'),
  };
}
