/** Periods as the columns of an answer name them. */
export const chartGrains = ['hour', 'day', 'week', 'month', 'term', 'school_year'] as const;
export type ChartGrain = (typeof chartGrains)[number];

/**
 * How much of a period its number stands for: all of it, what has passed of one that is `running`, the part of it that is
 * `cut` out by the range, or nothing as yet of one that is `ahead`.
 */
export type PeriodState = 'whole' | 'running' | 'cut' | 'ahead';

export interface Clock {
  /** The site-local day it is. */
  today: string;
  /** The instant the answer came at, in milliseconds since 1970: hours are told by it. */
  now: number;
}

export type PeriodDays = (grain: ChartGrain, period: string) => { from: string; to: string } | undefined;

const hourLength = 3_600_000;

function hourState(hour: string, { now }: Clock): PeriodState {
  const begin = Date.parse(hour);
  if (begin > now) return 'ahead';
  return begin + hourLength > now ? 'running' : 'whole';
}

/** `noted`: the server says that the period is not all there. */
export function periodState(
  grain: ChartGrain,
  period: string,
  noted: boolean,
  clock: Clock,
  daysOf: PeriodDays,
): PeriodState {
  if (grain === 'hour') return hourState(period, clock);
  const days = daysOf(grain, period);
  if (days && days.from > clock.today) return 'ahead';
  if (!noted) return 'whole';
  return days && days.to < clock.today ? 'cut' : 'running';
}
