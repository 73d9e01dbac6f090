import { countAt, position, textAt, type Count } from '../api/cells';
import type { Answer } from '../api/types';
import {
  chartGrains,
  periodState,
  type ChartGrain,
  type Clock,
  type PeriodDays,
  type PeriodState,
} from './periodState';

export interface ChartSeries {
  metric: string;
  /** Of the range that is compared with, period by period. */
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
  states: PeriodState[];
  /** Whether a period and the one it is compared with are both whole, so that it can be said to have risen or fallen. */
  comparable: boolean[];
  series: ChartSeries[];
}

interface ModelInput {
  answer: Answer;
  /** What to draw, the leading metric first. */
  metrics: string[];
  clock: Clock;
  daysOf: PeriodDays;
  /** The first and last compared period are cut where the first and last period are. */
  alignedEnds: boolean;
}

/** A month, a term and a school year are few and stand each for itself. */
export function isBarred(grain: ChartGrain): boolean {
  return grain === 'month' || grain === 'term' || grain === 'school_year';
}

export function isPartial(state: PeriodState | undefined): boolean {
  return state === 'running' || state === 'cut';
}

function grainOf(answer: Answer): ChartGrain | undefined {
  return chartGrains.find((grain) => answer.columns.some(({ type }) => type === grain));
}

/** The answer decides what is drawn: it may be the former one while the next is on its way. */
export function chartModel({ answer, metrics, clock, daysOf, alignedEnds }: ModelInput): ChartModel | null {
  const grain = grainOf(answer);
  if (!grain) return null;
  const periods = answer.rows.map((row) => textAt(answer, row, grain) ?? '');
  const noted = new Set(answer.notes.filter((note) => note.code === 'partial_period').map((note) => note.period));
  const states = periods.map((period) => periodState(grain, period, noted.has(period), clock, daysOf));
  const present = metrics.filter((metric) => position(answer, metric) >= 0);
  const [leading] = present;
  if (leading === undefined) return null;
  const unitOf = (metric: string) => answer.columns[position(answer, metric)]?.unit ?? null;
  const series = (metric: string, name: string, previous: boolean): ChartSeries => ({
    metric,
    previous,
    unit: unitOf(metric),
    axis: unitOf(metric) === unitOf(leading) ? 0 : 1,
    // What has not begun counts zero in the answer, but it has not fallen to it.
    values: answer.rows.map((row, index) =>
      states[index] === 'ahead' && !previous ? null : countAt(answer, row, name),
    ),
  });
  const before = `${leading}_previous`;
  return {
    grain,
    periods,
    states,
    comparable: states.map((state, at) => state === 'whole' && (alignedEnds || (at > 0 && at < periods.length - 1))),
    series: [
      ...present.map((metric) => series(metric, metric, false)),
      ...(position(answer, before) >= 0 ? [series(leading, before, true)] : []),
    ],
  };
}

/** The compared series of the leading metric, when there is one. */
export function previousOf(model: ChartModel): ChartSeries | undefined {
  return model.series.find((series) => series.previous);
}

export interface Extremes {
  lowest: { period: string; value: number };
  highest: { period: string; value: number };
}

/** The lowest and highest whole period of the leading series, for the summary in words. */
export function extremes(model: ChartModel): Extremes | null {
  const values = model.series[0]?.values ?? [];
  const points = values.flatMap((value, index) => {
    const period = model.periods[index];
    return typeof value === 'number' && period !== undefined && model.states[index] === 'whole'
      ? [{ period, value }]
      : [];
  });
  if (points.length === 0) return null;
  return {
    lowest: points.reduce((least, point) => (point.value < least.value ? point : least)),
    highest: points.reduce((most, point) => (point.value > most.value ? point : most)),
  };
}
