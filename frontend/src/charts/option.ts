import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { ComposeOption } from 'echarts/core';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { Count } from '../api/cells';
import type { ChartTokens } from '../tokens/chart';
import { isBarred, isPartial, previousOf, type ChartModel, type ChartSeries } from './model';
import type { PeriodState } from './periodState';

export type ChartOption = ComposeOption<
  LineSeriesOption | BarSeriesOption | GridComponentOption | TooltipComponentOption
>;

/** The words a chart needs, in the language on screen. */
export interface ChartWords {
  series: (series: ChartSeries) => string;
  period: (period: string) => string;
  axis: (period: string) => string;
  number: (metric: string, value: number) => string;
  axisNumber: (value: number) => string;
  /** The name of a series that is measured on the right axis. */
  onRight: (name: string) => string;
  state: Record<Exclude<PeriodState, 'whole'>, string>;
  /** How the leading metric changed, or nothing where that cannot be said. */
  change: (value: Count | undefined, previous: Count | undefined) => string | undefined;
  /** The heading of what `change` says. */
  changed: string;
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

/** A period's name, with what there is to say of one that is not whole. */
export function periodText(model: ChartModel, index: number, words: ChartWords): string {
  const state = model.states[index] ?? 'whole';
  const name = words.period(model.periods[index] ?? '');
  return state === 'whole' ? name : `${name} (${words.state[state]})`;
}

/** The change of the leading metric in a period, where it can be compared. */
export function changeAt(model: ChartModel, index: number, words: ChartWords): string | undefined {
  if (!model.comparable[index]) return undefined;
  return words.change(model.series[0]?.values[index], previousOf(model)?.values[index]);
}

export function tooltipHtml(model: ChartModel, index: number, tokens: ChartTokens, words: ChartWords): string {
  if (model.periods[index] === undefined) return '';
  const line = (left: string, right: string) =>
    `<div style="display:flex;justify-content:space-between;gap:20px"><span>${left}</span><b>${escaped(right)}</b></div>`;
  const lines = model.series.map((series, place) => {
    const value = series.values[index];
    const text =
      typeof value === 'number'
        ? words.number(series.metric, value)
        : value === null || value === undefined
          ? '–'
          : words.hidden;
    const dot = `<span style="display:inline-block;width:8px;height:8px;border-radius:50%;margin-right:8px;background:${colourOf(model, place, tokens)}"></span>`;
    return line(`${dot}${escaped(words.series(series))}`, text);
  });
  const change = changeAt(model, index, words);
  if (change !== undefined) lines.push(line(escaped(words.changed), change));
  return `<div style="margin-bottom:4px">${escaped(periodText(model, index, words))}</div>${lines.join('')}`;
}

/** Whole periods are a solid line; what touches one that is not is dashed, so that it does not look like a fall. */
function lines(model: ChartModel, series: ChartSeries, colour: string, leading: boolean): LineSeriesOption[] {
  const partial = model.states.map(isPartial);
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
  const touches = (index: number) => partial[index] || partial[index - 1] || partial[index + 1];
  return [
    {
      ...shared,
      name: series.metric,
      data: series.values.map((value, index) => (partial[index] ? null : drawn(value))),
      lineStyle: { color: colour, width: 2.25 },
      ...(leading ? { areaStyle: { color: colour, opacity: 0.09 } } : {}),
    },
    {
      ...shared,
      name: `${series.metric} partial`,
      data: series.values.map((value, index) => (touches(index) ? drawn(value) : null)),
      lineStyle: { color: colour, width: 2, type: [4, 4] },
      symbol: 'emptyCircle',
      showSymbol: partial.some(Boolean),
      symbolSize: (_value: unknown, point: { dataIndex: number }) => (partial[point.dataIndex] ? 7 : 0),
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

/** An outline in dashes round a pale bar, which is not yet as high as it will be. */
function outlined(colour: string) {
  return { color: `${colour}33`, borderColor: colour, borderWidth: 1.5, borderType: 'dashed' as const };
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
      const partial = isPartial(model.states[index]) && !series.previous;
      return {
        value: value ?? '-',
        itemStyle: {
          color: colour,
          borderRadius: [4, 4, 0, 0] as number[],
          ...(partial ? outlined(colour) : {}),
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
        type: isBarred(model.grain) ? 'shadow' : 'line',
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
      boundaryGap: isBarred(model.grain),
      axisLine: { lineStyle: { color: tokens.axis } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, formatter: (period: string) => words.axis(period) },
    },
    yAxis: twoAxes ? [axis(0), axis(1)] : [axis(0)],
    series: model.series.flatMap((series, index): (LineSeriesOption | BarSeriesOption)[] => {
      const colour = colourOf(model, index, tokens);
      return isBarred(model.grain) ? [bars(model, series, colour, tokens)] : lines(model, series, colour, index === 0);
    }),
  };
}
