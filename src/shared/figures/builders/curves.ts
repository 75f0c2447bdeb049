import type { FigureSpec, SingleFigure } from '../../schema/figure.ts';
import type { MetricSeries } from '../../schema/metric.ts';
import type { RunId } from '../../schema/run.ts';
import { axis } from './axis.ts';
import { isShareMetric, metricLabel } from './metric-text.ts';

export type LinesFigure = Extract<SingleFigure, { kind: 'lines' }>;

const SPLIT_ORDER = ['train', 'dev', 'test'] as const;
const STYLES = { train: 'dashed', dev: 'solid', test: 'markers' } as const;

/** What a run's curves are drawn over. */
export interface CurveOptions {
  readonly title?: string;
  readonly runIds: readonly RunId[];
  /** Epochs unless said otherwise. */
  readonly over?: { readonly kind: 'epoch' | 'step'; readonly title: string };
  readonly logarithmic?: boolean;
}

/** One metric of a run: train dashed, dev solid, test as markers. */
export function curvesFigure(
  series: readonly MetricSeries[],
  metric: string,
  { title = metricLabel(metric), runIds, over, logarithmic = false }: CurveOptions,
): LinesFigure {
  const own = SPLIT_ORDER.flatMap((split) =>
    series.filter((one) => one.metric === metric && one.split === split),
  );
  return {
    kind: 'lines',
    title,
    runIds: [...runIds],
    x: axis(over?.title ?? 'Epoch'),
    y: axis(metricLabel(metric), { percent: isShareMetric(metric), scale: logarithmic ? 'log' : 'linear' }),
    series: own.map(({ split, epochs, steps, values }) => ({
      label: split,
      x: over?.kind === 'step' ? steps : epochs,
      y: values,
      style: values.length === 1 && split !== 'test' ? ('markers' as const) : STYLES[split],
      colour: 0,
      band: null,
    })),
  };
}

/** The loss and the first metrics of a run beside each other. */
export function learningCurvesFigure(
  series: readonly MetricSeries[],
  { title = 'Learning curves', runIds }: CurveOptions,
  metrics: readonly string[] = mainMetrics(series),
): FigureSpec {
  const figures = metrics.map((metric) => curvesFigure(series, metric, { runIds }));
  const [first] = figures;
  if (figures.length === 1 && first !== undefined) return { ...first, title };
  return { kind: 'panels', title, runIds: [...runIds], columns: 2, figures };
}

/** Loss, then accuracy or the root mean squared error, of the model itself. */
export function mainMetrics(series: readonly MetricSeries[]): string[] {
  const known = new Set(series.map(({ metric }) => metric));
  return ['loss', 'accuracy', 'root-mean-squared-error'].filter((metric) => known.has(metric));
}
