import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { ComposeOption } from 'echarts/core';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ChartTokens } from '../tokens/chart';
import type { ChartModel, ChartSeries } from './model';

export type ChartOption = ComposeOption<
  LineSeriesOption | BarSeriesOption | GridComponentOption | TooltipComponentOption
>;

/** The words a chart needs, in the language on screen. */
export interface ChartWords {
  series: (series: ChartSeries) => string;
  period: (period: string) => string;
  axis: (period: string) => string;
  number: (value: number) => string;
  axisNumber: (value: number) => string;
  /** The name of a series that is measured on the right axis. */
  onRight: (name: string) => string;
  unfinished: string;
  hidden: string;
}

export function colourOf(model: ChartModel, index: number, tokens: ChartTokens): string {
  const series = model.series[index];
  return series?.previous ? tokens.previous : (tokens.series[index % tokens.series.length] ?? tokens.text);
}

const drawn = (value: unknown) => (typeof value === 'number' ? value : null);

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[each] ?? each);
}

export function tooltipHtml(model: ChartModel, index: number, tokens: ChartTokens, words: ChartWords): string {
  const period = model.periods[index];
  if (period === undefined) return '';
  const mark = model.unfinished[index] ? ` (${words.unfinished})` : '';
  const lines = model.series.map((series, place) => {
    const value = series.values[index];
    const text =
      typeof value === 'number' ? words.number(value) : value === null || value === undefined ? '–' : words.hidden;
    const dot = `<span style="display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:8px;background:${colourOf(model, place, tokens)}"></span>`;
    return `<div style="display:flex;justify-content:space-between;gap:20px"><span>${dot}${escaped(words.series(series))}</span><b>${escaped(text)}</b></div>`;
  });
  return `<div style="margin-bottom:4px">${escaped(words.period(period) + mark)}</div>${lines.join('')}`;
}

/** Finished periods are a solid line; what touches an unfinished one is dashed. */
function lines(model: ChartModel, series: ChartSeries, colour: string, leading: boolean): LineSeriesOption[] {
  const { unfinished } = model;
  const shared: LineSeriesOption = {
    type: 'line',
    yAxisIndex: series.axis,
    symbolSize: 6,
    showSymbol: model.periods.length < 3,
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    z: series.previous ? 2 : 3,
  };
  if (series.previous) {
    return [
      {
        ...shared,
        name: 'previous',
        data: series.values.map(drawn),
        lineStyle: { color: colour, width: 1.5, type: 'dotted' },
      },
    ];
  }
  const touches = (index: number) => unfinished[index] || unfinished[index - 1] || unfinished[index + 1];
  return [
    {
      ...shared,
      name: series.metric,
      data: series.values.map((value, index) => (unfinished[index] ? null : drawn(value))),
      lineStyle: { color: colour, width: 2.25 },
      ...(leading ? { areaStyle: { color: colour, opacity: 0.09 } } : {}),
    },
    {
      ...shared,
      name: `${series.metric} unfinished`,
      data: series.values.map((value, index) => (touches(index) ? drawn(value) : null)),
      lineStyle: { color: colour, width: 2, type: [4, 4] },
      symbol: 'emptyCircle',
      showSymbol: unfinished.some(Boolean),
      symbolSize: (_value: unknown, point: { dataIndex: number }) => (unfinished[point.dataIndex] ? 7 : 0),
    },
  ];
}

/** A hidden bar has no height that could be read, only its mark at the axis. */
function hiddenBar(tokens: ChartTokens) {
  const label = {
    show: true,
    position: 'top' as const,
    formatter: 'c',
    color: tokens.text,
    fontStyle: 'italic' as const,
  };
  return { value: 0, label };
}

function bars(model: ChartModel, series: ChartSeries, colour: string, tokens: ChartTokens): BarSeriesOption {
  return {
    type: 'bar',
    name: series.previous ? 'previous' : series.metric,
    yAxisIndex: series.axis,
    barMaxWidth: 34,
    barGap: '12%',
    emphasis: { disabled: true },
    data: series.values.map((value, index) => {
      if (value === 'c') return hiddenBar(tokens);
      const unfinished = model.unfinished[index] && !series.previous;
      return {
        value: value ?? '-',
        itemStyle: {
          color: colour,
          borderRadius: [4, 4, 0, 0] as number[],
          ...(unfinished
            ? { opacity: 0.55, borderColor: colour, borderWidth: 1.5, borderType: 'dashed' as const }
            : {}),
        },
      };
    }),
  };
}

export function chartOption(model: ChartModel, tokens: ChartTokens, words: ChartWords, still: boolean): ChartOption {
  const text = { color: tokens.text, fontFamily: tokens.font, fontSize: 12 };
  const twoAxes = model.series.some((series) => series.axis === 1);
  const axis = (index: 0 | 1) => ({
    type: 'value' as const,
    minInterval: 1,
    splitNumber: 4,
    position: index === 0 ? ('left' as const) : ('right' as const),
    axisLabel: { ...text, formatter: words.axisNumber },
    splitLine: { show: index === 0, lineStyle: { color: tokens.grid } },
  });
  return {
    animation: !still,
    animationDuration: 350,
    animationDurationUpdate: 250,
    grid: {
      left: 4,
      right: twoAxes ? 4 : 12,
      top: 12,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      axisPointer: {
        type: model.grain === 'month' ? 'shadow' : 'line',
        lineStyle: { color: tokens.axis },
        shadowStyle: { color: tokens.grid, opacity: 0.4 },
      },
      backgroundColor: tokens.surface,
      borderColor: tokens.line,
      textStyle: { ...text, fontSize: 13 },
      formatter: (points) => {
        const first = Array.isArray(points) ? points[0] : points;
        return first ? tooltipHtml(model, first.dataIndex, tokens, words) : '';
      },
    },
    xAxis: {
      type: 'category',
      data: model.periods,
      boundaryGap: model.grain === 'month',
      axisLine: { lineStyle: { color: tokens.axis } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, formatter: (period: string) => words.axis(period) },
    },
    yAxis: twoAxes ? [axis(0), axis(1)] : [axis(0)],
    series: model.series.flatMap((series, index): (LineSeriesOption | BarSeriesOption)[] => {
      const colour = colourOf(model, index, tokens);
      return model.grain === 'month'
        ? [bars(model, series, colour, tokens)]
        : lines(model, series, colour, index === 0);
    }),
  };
}
