import { useTranslation } from 'react-i18next';
import type { ChartGrain } from '../charts/periodState';
import { useFormat } from '../i18n/useFormat';
import { yearBetweenTerms } from '../view/calendar';
import { addDays, weekStart } from '../view/dates';

interface PeriodWords {
  /** In full: "Week 47, 16 Nov – 22 Nov 2026". */
  long: (grain: ChartGrain, label: string) => string;
  /** For an axis. */
  short: (grain: ChartGrain, label: string) => string;
}

/** What a period is called in the language on screen. Terms and school years have the names of their calendar. */
export function usePeriodWords(): PeriodWords {
  const { t } = useTranslation();
  const format = useFormat();
  const clock = (hour: string) => hour.slice(11, 16);
  const named = (label: string) => {
    const year = yearBetweenTerms(label);
    return year === undefined ? label : t('period.betweenTerms', { year });
  };
  const week = (label: string) => {
    const from = weekStart(label);
    const to = addDays(from, 6);
    return t('period.week', { number: Number(label.slice(6)), from: format.dayShort(from), to: format.day(to) });
  };
  return {
    long: (grain, label) => {
      if (grain === 'hour') return `${format.weekday(label.slice(0, 10))}, ${clock(label)}`;
      if (grain === 'day') return format.weekday(label);
      if (grain === 'week') return week(label);
      return grain === 'month' ? format.month(label) : named(label);
    },
    short: (grain, label) => {
      // Where a day begins its date says more than its midnight.
      if (grain === 'hour') return clock(label) === '00:00' ? format.dayShort(label.slice(0, 10)) : clock(label);
      if (grain === 'day') return format.dayShort(label);
      if (grain === 'week') return format.dayShort(weekStart(label));
      return grain === 'month' ? format.monthShort(label) : named(label);
    },
  };
}
