import { countAt, textAt, type Count } from '../../api/cells';
import type { Answer } from '../../api/types';

export interface RegionRow {
  code: string;
  name: string;
  byMonth: Map<string, Count>;
}

export interface RegionTable {
  months: string[];
  rows: RegionRow[];
  anyHidden: boolean;
}

/** A row a region, a column a month. A month without a row for a region stays missing; it does not become zero. */
export function regionTable(answer: Answer, metric: string): RegionTable {
  const rows = new Map<string, RegionRow>();
  const months = new Set<string>();
  let anyHidden = false;
  for (const row of answer.rows) {
    const month = textAt(answer, row, 'month');
    const code = textAt(answer, row, 'region');
    if (month === null || code === null) continue;
    months.add(month);
    const value = countAt(answer, row, metric);
    anyHidden ||= value === 'c';
    const region = rows.get(code) ?? { code, name: textAt(answer, row, 'region_name') ?? code, byMonth: new Map() };
    region.byMonth.set(month, value);
    rows.set(code, region);
  }
  return {
    months: [...months].sort(),
    rows: [...rows.values()].sort((a, b) => a.name.localeCompare(b.name)),
    anyHidden,
  };
}
