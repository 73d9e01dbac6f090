import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../api/cells';
import type { Answer } from '../api/types';
import { changeOf } from '../i18n/change';
import { useFormat } from '../i18n/useFormat';
import { Cards } from '../ui/Layout';
import { MetricCard, type CardChange } from '../ui/MetricCard';
import { CountText } from './CountText';
import { useTitles } from './words';

interface MetricCardsProps {
  totals: Answer['totals'];
  metrics: string[];
  selected: string;
  onSelect: (metric: string) => void;
  /** Cards that stand beside but do not switch the chart. */
  children?: ReactNode;
}

/** The totals of the period, each with its change; pressing one shows it in the chart. */
export function MetricCards({ totals, metrics, selected, onSelect, children }: MetricCardsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const titles = useTitles();
  return (
    <Cards label={t('card.group')}>
      {metrics.map((metric) => {
        const value = count(totals[metric]);
        const previous = count(totals[`${metric}_previous`]);
        const both = typeof value === 'number' && typeof previous === 'number';
        const change = both ? changeOf(value, previous, format) : undefined;
        const words: CardChange | undefined =
          change && (change.percent !== null || (change.direction === 'same' && value !== 0))
            ? { direction: change.direction, text: t(`card.${change.direction}`, { percent: change.percent }) }
            : undefined;
        return (
          <MetricCard
            key={metric}
            label={titles.metric(metric)}
            value={<CountText value={value} />}
            change={words}
            previous={
              typeof previous === 'number' ? t('card.previous', { value: format.integer(previous) }) : undefined
            }
            selected={metric === selected}
            onSelect={() => onSelect(metric)}
          />
        );
      })}
      {children}
    </Cards>
  );
}
