/** The colours of charts: series first to last, each at least 3:1 on the surface and told apart by lightness too. */
export interface ChartTokens {
  series: string[];
  previous: string;
  text: string;
  axis: string;
  grid: string;
  surface: string;
  line: string;
  font: string;
}

const font = 'Inter, "Segoe UI", system-ui, -apple-system, Roboto, sans-serif';

const light: ChartTokens = {
  series: ['#0c6b6a', '#c4570c', '#5b4bb5', '#a3276b'],
  previous: '#7e8d97',
  text: '#52616b',
  axis: '#a9b5bd',
  grid: '#e8edef',
  surface: '#ffffff',
  line: '#dfe5e8',
  font,
};

const dark: ChartTokens = {
  series: ['#6fcfc8', '#f2a65a', '#b3a6ff', '#f08bbd'],
  previous: '#8796a0',
  text: '#a5b2ba',
  axis: '#4b5963',
  grid: '#24313a',
  surface: '#161f26',
  line: '#2a3740',
  font,
};

export type Scheme = 'light' | 'dark';

export function chartTokens(scheme: Scheme): ChartTokens {
  return scheme === 'dark' ? dark : light;
}
