import { DataTable } from '../ui/DataTable';
import { HiddenCell } from '../ui/HiddenCell';
import type { Count } from '../api/cells';
import { previousOf, type ChartModel } from './model';
import { changeAt, periodText, type ChartWords } from './option';

interface ChartTableProps {
  model: ChartModel;
  words: ChartWords;
  caption: string;
  periodHeader: string;
}

/** The chart's numbers as a table: the same model, so it cannot say anything else. */
export function ChartTable({ model, words, caption, periodHeader }: ChartTableProps) {
  const cell = (metric: string, value: Count | undefined) => {
    if (value === 'c') return <HiddenCell meaning={words.hidden} />;
    return typeof value === 'number' ? words.number(metric, value) : '–';
  };
  const change = {
    key: 'change',
    header: words.changed,
    numeric: true,
    render: (index: number) => changeAt(model, index, words) ?? '–',
  };
  return (
    <DataTable
      caption={caption}
      maxHeight={320}
      rows={model.periods.map((_, index) => index)}
      rowKey={(index) => model.periods[index] ?? index}
      columns={[
        { key: 'period', header: periodHeader, render: (index) => periodText(model, index, words) },
        ...model.series.map((series, place) => ({
          key: String(place),
          header: words.series(series),
          numeric: true,
          render: (index: number) => cell(series.metric, series.values[index]),
        })),
        ...(previousOf(model) ? [change] : []),
      ]}
    />
  );
}
