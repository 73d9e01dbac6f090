import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import classes from './Chart.module.css';
import type { ChartOption } from './option';

interface ChartProps {
  option: ChartOption;
  /** What the chart shows, in a sentence; the numbers themselves are in the table beside it. */
  summary: string;
}

/** Hands an option to ECharts, which is fetched when the first chart has room to be drawn. */
export function Chart({ option, summary }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);

  useEffect(() => {
    const place = element.current;
    if (!place) return;
    let made: EChartsType | null = null;
    let asked = false;
    let gone = false;
    const observer = new ResizeObserver(() => {
      if (made) {
        made.resize();
        return;
      }
      if (asked || place.clientWidth === 0) return;
      asked = true;
      void import('./echarts').then(({ createChart }) => {
        if (gone) return;
        made = createChart(place);
        setChart(made);
      });
    });
    observer.observe(place);
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, []);

  useEffect(() => {
    chart?.setOption(option, { replaceMerge: ['series', 'xAxis', 'yAxis'] });
  }, [chart, option]);

  return <div ref={element} className={classes.chart} role="img" aria-label={summary} />;
}
