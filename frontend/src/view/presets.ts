import { addDays, addMonths, monthOf, monthRange, type Range } from './dates';

export const presets = ['7d', '28d', '90d', 'month', 'last_month', 'school_year', '365d'] as const;
export type Preset = (typeof presets)[number];

export const defaultPreset: Preset = '28d';

export function isPreset(text: unknown): text is Preset {
  return presets.includes(text as Preset);
}

/** The school year runs from 1 September. */
export function schoolYearStart(today: string): string {
  const year = Number(today.slice(0, 4));
  return `${today.slice(5) >= '09-01' ? year : year - 1}-09-01`;
}

export function presetRange(preset: Preset, today: string): Range {
  switch (preset) {
    case '7d':
      return { from: addDays(today, -6), to: today };
    case '28d':
      return { from: addDays(today, -27), to: today };
    case '90d':
      return { from: addDays(today, -89), to: today };
    case '365d':
      return { from: addDays(today, -364), to: today };
    case 'month':
      return { from: `${monthOf(today)}-01`, to: today };
    case 'last_month':
      return monthRange(addMonths(monthOf(today), -1));
    case 'school_year':
      return { from: schoolYearStart(today), to: today };
  }
}
