import { countAt, position, textAt, type Count } from '../api/cells';
import type { Answer } from '../api/types';

export type ChartGrain = 'day' | 'week' | 'month';

export interface ChartSeries {
  metric: string;
  previous: boolean;
  unit: string | null;
  /** 0 is the left axis; 1 the right, for a metric of another unit than the first. */
  axis: 0 | 1;
  values: Count[];
}

/** A chart as plain facts: neither colours nor words, and nothing of any chart library. */
export interface ChartModel {
  grain: ChartGrain;
  periods: string[];
  /** Periods that are still running or stand only in part inside the range. */
  unfinished: boolean[];
  series: ChartSeries[];
}

interface ModelInput {
  answer: Answer;
  /** What to draw, the leading metric first. */
  metrics: string[];
  range: { from: string; to: string };
  today: string;
  periodRange: (grain: ChartGrain, period: string) => { from: string; to: string };
}

function grainColumn(answer: Answer): { name: string; grain: ChartGrain } | undefined {
  const column = answer.columns.find(({ type }) => type === 'day' || type === 'week' || type === 'month');
  return column ? { name: column.name, grain: column.type as ChartGrain } : undefined;
}

/** The answer decides what is drawn: it may be the former one while the next is on its way. */
export function chartModel({ answer, metrics, range, today, periodRange }: ModelInput): ChartModel | null {
  const column = grainColumn(answer);
  if (!column) return null;
  const periods = answer.rows.map((row) => textAt(answer, row, column.name) ?? '');
  const present = metrics.filter((metric) => position(answer, metric) >= 0);
  const [leading] = present;
  if (leading === undefined) return null;
  const unitOf = (metric: string) => answer.columns[position(answer, metric)]?.unit ?? null;
  const series = (metric: string, name: string, previous: boolean): ChartSeries => ({
    metric,
    previous,
    unit: unitOf(metric),
    axis: unitOf(metric) === unitOf(leading) ? 0 : 1,
    values: answer.rows.map((row) => countAt(answer, row, name)),
  });
  const before = `${leading}_previous`;
  return {
    grain: column.grain,
    periods,
    unfinished: periods.map((period) => {
      const { from, to } = periodRange(column.grain, period);
      return to >= today || from < range.from || to > range.to;
    }),
    series: [
      ...present.map((metric) => series(metric, metric, false)),
      ...(position(answer, before) >= 0 ? [series(leading, before, true)] : []),
    ],
  };
}

export interface Extremes {
  lowest: { period: string; value: number };
  highest: { period: string; value: number };
}

/** The lowest and highest finished period of the leading series, for the summary in words. */
export function extremes(model: ChartModel): Extremes | null {
  const values = model.series[0]?.values ?? [];
  const points = values.flatMap((value, index) => {
    const period = model.periods[index];
    return typeof value === 'number' && period !== undefined && !model.unfinished[index] ? [{ period, value }] : [];
  });
  if (points.length === 0) return null;
  return {
    lowest: points.reduce((least, point) => (point.value < least.value ? point : least)),
    highest: points.reduce((most, point) => (point.value > most.value ? point : most)),
  };
}
