import type { Point, TooltipItem } from 'chart.js';
import {
  numberAxis,
  stillChart,
  type AxisOptions,
  type ChartTheme,
  type FigureConfiguration,
  type FigureDataset,
} from './chart.ts';

type Item = TooltipItem<'line' | 'bar' | 'scatter'>;

/** A figure over two number axes: its layers from the first drawn to the last, and what a tooltip says. */
export interface PlotOptions {
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  readonly layers: readonly FigureDataset[];
  /** What the tooltip says of a point; nothing for lines without it. */
  readonly tooltip: (point: Point, label: string, index: number) => string;
}

/** A chart of points, lines and bands over two number axes. */
export function plot(theme: ChartTheme, options: PlotOptions): FigureConfiguration {
  return {
    type: 'scatter',
    data: { datasets: [...options.layers].reverse() },
    options: {
      ...stillChart,
      interaction: { mode: 'nearest', intersect: true },
      scales: { x: numberAxis(theme, options.x), y: numberAxis(theme, options.y) },
      plugins: {
        tooltip: {
          animation: false,
          callbacks: {
            title: () => '',
            label: (item: Item) =>
              ` ${options.tooltip({ x: item.parsed.x ?? 0, y: item.parsed.y ?? 0 }, item.dataset.label ?? '', item.dataIndex)}`,
          },
        },
      },
    },
  } as unknown as FigureConfiguration;
}
