import type { ChartConfiguration, ChartDataset, Point, ScriptableContext } from 'chart.js';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import { formatMetric, isShareMetric, metricLabel } from '../text/format.ts';
import { Chart, numberAxis, percentTick, stillChart, type ChartTheme } from './chart.ts';
import type { CurveAxis } from './series-groups.ts';

/** What a panel of curves shows. */
export interface CurveOptions {
  readonly metric: string;
  readonly axis: CurveAxis;
  /** What a step is, for the axis; "Step" where nothing better is known. */
  readonly stepName?: string;
  readonly colour: string;
  readonly theme: ChartTheme;
  readonly logarithmic: boolean;
}

export type CurveChart = Chart<'line', Point[]>;

/** Above so many points a curve is thinned, keeping its peaks. */
const DECIMATE_ABOVE = 400;

/** Points of a curve; what was not measured leaves a gap, and so does zero or less on a logarithmic axis. */
export function curvePoints(
  series: MetricSeries,
  { logarithmic, axis }: Pick<CurveOptions, 'logarithmic' | 'axis'>,
): Point[] {
  const places = axis === 'step' ? series.steps : series.epochs;
  const points: Point[] = [];
  series.values.forEach((value, index) => {
    const x = places[index];
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
    const data = curvePoints(one, options);
    const stroke = strokeOf(one.split, options.colour);
    const lone = data.length === 1 && one.split !== 'test' ? { pointRadius: 2.5 } : {};
    return { label: one.split, data, ...stroke, ...lone };
  });
}

/** Ticks at whole epochs only, and enough digits to tell neighbours apart. */
function scales(options: CurveOptions): NonNullable<ChartConfiguration<'line'>['options']>['scales'] {
  const { metric, theme, logarithmic } = options;
  const isShare = isShareMetric(metric);
  const label = metricLabel(metric);
  const x = numberAxis(theme, { title: axisTitle(options), grid: false });
  return {
    x: { ...x, ticks: { ...x.ticks, precision: 0 } },
    y: numberAxis(theme, {
      title: isShare ? `${label} (%)` : label,
      logarithmic,
      tick: isShare ? percentTick : undefined,
    }),
  };
}

/** The name of what curves are drawn over. */
export function axisTitle({ axis, stepName }: Pick<CurveOptions, 'axis' | 'stepName'>): string {
  return axis === 'epoch' ? 'Epoch' : (stepName ?? 'Step');
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
      ...stillChart,
      spanGaps: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: scales(options),
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max', threshold: DECIMATE_ABOVE },
        tooltip: {
          animation: false,
          callbacks: {
            title: (items) => `${axisTitle(options)} ${items[0]?.parsed.x ?? ''}`,
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

/**
 * Makes a chart on a canvas; destroy it when the canvas goes.
 * @param onlayout told whenever the chart's scales may have moved
 */
export function createCurves(
  canvas: HTMLCanvasElement,
  series: readonly MetricSeries[],
  options: CurveOptions,
  onlayout: () => void = () => undefined,
): CurveChart {
  const plugin = { id: 'layout', afterLayout: onlayout };
  return new Chart(canvas, { ...curveConfiguration(series, options), plugins: [plugin] });
}

/** Where a vertical line stands on a chart, in CSS pixels of its canvas. */
export interface CursorLine {
  readonly left: number;
  readonly top: number;
  readonly height: number;
}

/** The place of an epoch on curves; null where no point was measured then or it lies outside. */
export function cursorAt(
  chart: Pick<CurveChart, 'chartArea' | 'scales'>,
  series: readonly MetricSeries[],
  axis: CurveAxis,
  epoch: number,
): CursorLine | null {
  const at = axis === 'epoch' ? epoch : stepOf(series, epoch);
  const { x } = chart.scales;
  if (at === null || x === undefined || at < x.min || at > x.max) return null;
  const { top, bottom } = chart.chartArea;
  return { left: x.getPixelForValue(at), top, height: bottom - top };
}

/** The step at which an epoch ended. */
function stepOf(series: readonly MetricSeries[], epoch: number): number | null {
  for (const { epochs, steps } of series) {
    const step = steps[epochs.indexOf(epoch)];
    if (step !== undefined) return step;
  }
  return epoch === 0 ? 0 : null;
}
