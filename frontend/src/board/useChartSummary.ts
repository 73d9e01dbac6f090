import { useTranslation } from 'react-i18next';
import { extremes, isPartial, type ChartModel } from '../charts/model';
import { periodText, type ChartWords } from '../charts/option';

/** What a chart shows, in sentences for those who do not see it: its ends, and which periods are not whole. */
export function useChartSummary(): (title: string, model: ChartModel, words: ChartWords) => string {
  const { t } = useTranslation();
  return (title, model, words) => {
    const ends = extremes(model);
    const [leading] = model.series;
    const partial = model.periods.flatMap((_, at) =>
      isPartial(model.states[at]) ? [periodText(model, at, words)] : [],
    );
    const sentences = [t('chart.summary', { title, count: model.periods.length })];
    if (ends && leading) {
      sentences.push(
        t('chart.ends', {
          lowest: words.number(leading.metric, ends.lowest.value),
          lowestPeriod: words.period(ends.lowest.period),
          highest: words.number(leading.metric, ends.highest.value),
          highestPeriod: words.period(ends.highest.period),
        }),
      );
    }
    if (partial.length > 0) sentences.push(t('chart.partial', { periods: partial.join('; ') }));
    return [...sentences, t('chart.more')].join(' ');
  };
}
