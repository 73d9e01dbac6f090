import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../api/cells';
import type { Answer, Question } from '../api/types';
import { Cards } from '../ui/Layout';
import { MetricCard } from '../ui/MetricCard';
import { isRunning, type View } from '../view/view';
import { CountText } from './CountText';
import { HowCounted } from './HowCounted';
import { useChange } from './useChange';
import { useNumber } from './useNumber';
import { useTitles } from './words';

interface MetricCardsProps {
  question: Question;
  answer: Answer;
  view: View;
  /** What the cards show: the answer's totals, or what stands for them where there are none. */
  totals: Answer['totals'];
  metrics: string[];
  selected: string;
  onSelect: (metric: string) => void;
  /** Cards that stand beside but do not switch the chart. */
  children?: ReactNode;
}

/** The totals of the period, each with its change and how it was counted; pressing one shows it in the chart. */
export function MetricCards({
  question,
  answer,
  view,
  totals,
  metrics,
  selected,
  onSelect,
  children,
}: MetricCardsProps) {
  const { t } = useTranslation();
  const titles = useTitles();
  const number = useNumber();
  const changeOf = useChange();
  const [about, setAbout] = useState('');
  const [explaining, panel] = useDisclosure(false);
  const explain = (metric: string) => {
    setAbout(metric);
    panel.open();
  };
  return (
    <Cards label={t('card.group')}>
      {metrics.map((metric) => {
        const value = count(totals[metric]);
        const previous = count(totals[`${metric}_previous`]);
        const title = titles.metric(metric);
        return (
          <MetricCard
            key={metric}
            label={title}
            value={<CountText metric={metric} value={value} />}
            change={changeOf(metric, value, previous, isRunning(view))}
            previous={
              typeof previous === 'number' ? t('card.previous', { value: number(metric, previous) }) : undefined
            }
            selected={metric === selected}
            onSelect={() => onSelect(metric)}
            about={{ label: t('counted.open', { metric: title }), onOpen: () => explain(metric) }}
          />
        );
      })}
      {children}
      <HowCounted
        opened={explaining}
        onClose={panel.close}
        metric={about}
        question={question}
        answer={answer}
        view={view}
      />
    </Cards>
  );
}
