import { describe, expect, it } from 'vitest';
import { chartTokens } from '../tokens/chart';
import type { ChartModel } from './model';
import { chartOption, periodText, tooltipHtml, type ChartWords } from './option';

const words: ChartWords = {
  series: (series) => `${series.metric}${series.previous ? ' before' : ''}`,
  period: (period) => `<${period}>`,
  axis: (period) => period.slice(5),
  number: (metric, value) => `${value} ${metric}`,
  axisNumber: String,
  onRight: (name) => `${name}, right`,
  state: { running: 'not over', cut: 'in part', ahead: 'to come' },
  change: (value, previous) =>
    typeof value === 'number' && typeof previous === 'number' ? `${value}/${previous}` : undefined,
  changed: 'Change',
  hidden: 'hidden',
};

const tokens = chartTokens('light');

const model: ChartModel = {
  grain: 'day',
  periods: ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'],
  states: ['whole', 'whole', 'whole', 'running'],
  comparable: [true, true, true, false],
  series: [
    { metric: 'readers', previous: false, unit: 'persons', axis: 0, values: [5, 'c', 7, 2] },
    { metric: 'readers', previous: true, unit: 'persons', axis: 0, values: [4, 4, 4, 4] },
  ],
};

interface Drawn {
  type: string;
  name: string;
  data: unknown[];
  lineStyle?: { color: string; type?: unknown };
}

const seriesOf = (of: ChartModel) => chartOption(of, tokens, words, false).series as unknown as Drawn[];

describe('a chart option', () => {
  it('draws whole days as a line and what touches one that is not over dashed', () => {
    const [solid, dashed, previous] = seriesOf(model);
    expect(solid).toMatchObject({ type: 'line', data: [5, null, 7, null] });
    expect(dashed).toMatchObject({ data: [null, null, 7, 2], lineStyle: { type: [4, 4] } });
    expect(previous).toMatchObject({
      name: 'previous',
      data: [4, 4, 4, 4],
      lineStyle: { color: tokens.previous, type: 'dotted' },
    });
  });

  it('draws months as bars, the one that is not over outlined in dashes, and what they are compared with beside them', () => {
    const months: ChartModel = { ...model, grain: 'month', periods: ['2026-08', '2026-09', '2026-10', '2026-11'] };
    const [bars, before] = seriesOf(months);
    expect(bars).toMatchObject({ type: 'bar' });
    expect(bars?.data[1]).toMatchObject({ value: 0, label: { show: true, formatter: 'c' } });
    expect(bars?.data[2]).not.toHaveProperty('itemStyle.borderType');
    expect(bars?.data[3]).toMatchObject({
      value: 2,
      itemStyle: { borderType: 'dashed', color: `${tokens.series[0]}33` },
    });
    expect(before).toMatchObject({ type: 'bar', name: 'previous' });
    expect(before?.data[3]).not.toHaveProperty('itemStyle.borderType');
    expect(seriesOf({ ...months, grain: 'term' })[0]).toMatchObject({ type: 'bar' });
  });

  it('has a second axis only for a second unit', () => {
    expect(chartOption(model, tokens, words, false).yAxis).toHaveLength(1);
    const [leading] = model.series;
    if (!leading) throw new Error('a series');
    const two: ChartModel = { ...model, series: [leading, { ...leading, metric: 'views', unit: 'views', axis: 1 }] };
    expect(chartOption(two, tokens, words, false).yAxis).toHaveLength(2);
  });

  it('stands still for those who want no motion', () => {
    expect(chartOption(model, tokens, words, true).animation).toBe(false);
  });

  it('tells every number of a period, never letting text become markup', () => {
    const html = tooltipHtml(model, 1, tokens, words);
    expect(html).toContain('&lt;2026-11-19&gt;');
    expect(html).toContain('<b>hidden</b>');
    expect(tooltipHtml(model, 3, tokens, words)).toContain('(not over)');
    expect(tooltipHtml(model, 9, tokens, words)).toBe('');
  });

  it('says how a whole period changed, and of one that is not whole only that', () => {
    expect(tooltipHtml(model, 2, tokens, words)).toContain('<span>Change</span><b>7/4</b>');
    expect(tooltipHtml(model, 1, tokens, words)).not.toContain('Change');
    expect(tooltipHtml(model, 3, tokens, words)).not.toContain('Change');
    expect(periodText({ ...model, states: ['cut', 'ahead', 'whole', 'running'] }, 0, words)).toBe(
      '<2026-11-18> (in part)',
    );
    expect(periodText(model, 0, words)).toBe('<2026-11-18>');
  });
});
