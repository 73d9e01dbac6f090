import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartGrain, ChartSeries } from '../charts/model';
import type { ChartWords } from '../charts/option';
import { useFormat } from '../i18n/useFormat';
import { periodRange } from '../view/dates';
import { useCatalog } from '../view/session';

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

export function usePeriodWords(): (grain: ChartGrain, period: string) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (grain, period) => {
    if (grain === 'month') return format.month(period);
    if (grain === 'day') return format.day(period);
    const { from, to } = periodRange('week', period);
    return t('period.week', { number: Number(period.slice(6)), from: format.dayShort(from), to: format.day(to) });
  };
}

export function useChartWords(grain: ChartGrain): ChartWords {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = useTitles();
  const period = usePeriodWords();
  const axis = (label: string) => {
    if (grain === 'month') return format.monthShort(label);
    return format.dayShort(periodRange(grain, label).from);
  };
  return {
    series: (series: ChartSeries) =>
      series.previous ? t('chart.previous', { metric: titles.metric(series.metric) }) : titles.metric(series.metric),
    period: (label) => period(grain, label),
    axis,
    number: format.integer,
    axisNumber: format.compact,
    onRight: (name) => t('chart.onRight', { name }),
    unfinished: t('chart.unfinished'),
    hidden: t('hidden.meaning'),
  };
}
