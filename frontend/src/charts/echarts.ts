import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

register([LineChart, BarChart, GridComponent, TooltipComponent, SVGRenderer]);

export function createChart(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: 'svg' });
}
