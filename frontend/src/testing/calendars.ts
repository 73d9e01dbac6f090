import type { Calendar } from '../api/types';

function year(start: number, autumn: [string, string], spring: [string, string]) {
  const name = `${start}/${(start % 100) + 1}`;
  return {
    name,
    from: `${start}-09-01`,
    to: `${start + 1}-08-31`,
    terms: [
      { name: `${name} autumn`, from: `${start}-${autumn[0]}`, to: `${start}-${autumn[1]}` },
      { name: `${name} spring`, from: `${start + 1}-${spring[0]}`, to: `${start + 1}-${spring[1]}` },
    ],
    breaks: [],
  };
}

/** Two terms a year; the autumn of 2025 is a week shorter at its end than that of 2026. */
export const estonian: Calendar = {
  site: 'ee',
  holidays: [],
  years: [
    year(2024, ['09-02', '12-20'], ['01-06', '06-10']),
    year(2025, ['09-01', '12-15'], ['01-05', '06-09']),
    year(2026, ['09-01', '12-22'], ['01-11', '06-11']),
  ],
};
