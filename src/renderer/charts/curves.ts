import {
  Chart,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
  type ChartConfiguration,
  type ChartDataset,
  type Point,
  type ScriptableContext,
} from 'chart.js';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import type { MetricName } from '../../shared/schema/training.ts';
import { formatMetric, metricLabel } from '../text/format.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale, Tooltip, Decimation);

/** Colours of a chart's ground, read from the tokens when it is drawn. */
export interface ChartTheme {
  readonly text: string;
  readonly line: string;
  readonly ground: string;
  readonly font: string;
}

/** What a panel of curves shows. */
export interface CurveOptions {
  readonly metric: MetricName;
  readonly colour: string;
  readonly theme: ChartTheme;
  readonly logarithmic: boolean;
}

export type CurveChart = Chart<'line', Point[]>;

/** Above so many points a curve is thinned, keeping its peaks. */
const DECIMATE_ABOVE = 400;

/** The theme in force at an element. */
export function readTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: token('--text-quiet'),
    line: token('--line'),
    ground: token('--ground'),
    font: style.fontFamily,
  };
}

/** Points of a curve; what was not measured leaves a gap, and so does zero or less on a logarithmic axis. */
export function curvePoints(series: MetricSeries, logarithmic: boolean): Point[] {
  const points: Point[] = [];
  series.values.forEach((value, index) => {
    const x = series.epochs[index];
    const shown = value !== null && !(logarithmic && value <= 0);
    if (x !== undefined) points.push({ x, y: shown ? value : Number.NaN });
  });
  return points;
}

/** Above so many markers only some are drawn, the last always. */
const MOST_MARKERS = 20;

/** The size of the nth marker of so many; zero leaves it out. */
export function markerRadiusAt(index: number, count: number): number {
  const stride = Math.ceil(count / MOST_MARKERS);
  if (index === count - 1) return 6;
  return (count - 1 - index) % stride === 0 ? 3 : 0;
}

function markerRadius({ dataIndex, dataset }: ScriptableContext<'line'>): number {
  return markerRadiusAt(dataIndex, dataset.data.length);
}

/** Train dashed and thinner, dev solid, test a marker. */
function strokeOf(split: SplitName, colour: string): Partial<ChartDataset<'line', Point[]>> {
  const line = {
    borderColor: colour,
    backgroundColor: colour,
    pointRadius: 0,
    pointHitRadius: 6,
    tension: 0,
  };
  if (split === 'train') return { ...line, borderWidth: 1.25, borderDash: [5, 3] };
  if (split === 'dev') return { ...line, borderWidth: 2 };
  return { ...line, showLine: false, pointStyle: 'rectRot', pointRadius: markerRadius, pointHoverRadius: 7 };
}

/** The chart's curves of a metric. A lone point of a line is drawn as a dot, since a line needs two. */
export function curveDatasets(
  series: readonly MetricSeries[],
  options: CurveOptions,
): ChartDataset<'line', Point[]>[] {
  return series.map((one) => {
    const data = curvePoints(one, options.logarithmic);
    const stroke = strokeOf(one.split, options.colour);
    const lone = data.length === 1 && one.split !== 'test' ? { pointRadius: 2.5 } : {};
    return { label: one.split, data, ...stroke, ...lone };
  });
}

/** Ticks at whole epochs only, and enough digits to tell neighbours apart. */
function scales({
  metric,
  theme,
  logarithmic,
}: CurveOptions): NonNullable<ChartConfiguration<'line'>['options']>['scales'] {
  const common = { border: { color: theme.line }, grid: { color: theme.line, tickLength: 4 } };
  const font = { size: 11, family: theme.font };
  const title = (text: string) => ({ display: true, text, color: theme.text, font, padding: 2 });
  const percent = metric === 'accuracy';
  return {
    x: {
      ...common,
      type: 'linear',
      title: title('Epoch'),
      grid: { display: false },
      ticks: { color: theme.text, font, precision: 0, maxTicksLimit: 8, maxRotation: 0 },
    },
    y: {
      ...common,
      type: logarithmic ? 'logarithmic' : 'linear',
      title: title(percent ? `${metricLabel(metric)} (%)` : metricLabel(metric)),
      ticks: {
        color: theme.text,
        font,
        maxTicksLimit: 6,
        callback: (value) => tickText(Number(value), percent),
      },
    },
  };
}

/** A tick's number without needless zeros. */
export function tickText(value: number, percent: boolean): string {
  return String(Number((percent ? value * 100 : value).toPrecision(4)));
}

/** A chart without motion: it is drawn again only when it is told to. */
export function curveConfiguration(
  series: readonly MetricSeries[],
  options: CurveOptions,
): ChartConfiguration<'line', Point[]> {
  return {
    type: 'line',
    data: { datasets: curveDatasets(series, options) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      spanGaps: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: scales(options),
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max', threshold: DECIMATE_ABOVE },
        tooltip: {
          animation: false,
          callbacks: {
            title: (items) => `Epoch ${items[0]?.parsed.x ?? ''}`,
            label: (item) => ` ${item.dataset.label ?? ''}  ${formatMetric(options.metric, item.parsed.y)}`,
          },
        },
      },
    },
  };
}

/** Draws the grown series. */
export function updateCurves(
  chart: CurveChart,
  series: readonly MetricSeries[],
  options: CurveOptions,
): void {
  chart.data.datasets = curveDatasets(series, options);
  chart.update('none');
}

/** Makes a chart on a canvas; destroy it when the canvas goes. */
export function createCurves(
  canvas: HTMLCanvasElement,
  series: readonly MetricSeries[],
  options: CurveOptions,
): CurveChart {
  return new Chart(canvas, curveConfiguration(series, options));
}
