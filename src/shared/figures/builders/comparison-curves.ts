import type { MetricSeries } from '../../schema/metric.ts';
import type { RunId } from '../../schema/run.ts';
import { axis } from './axis.ts';
import type { LinesFigure } from './curves.ts';
import { isShareMetric, metricLabel } from './metric-text.ts';
import { meanInterval } from './student-t.ts';

/** Runs that differ by their seed only, drawn as one curve. */
export interface CurveGroup {
  readonly label: string;
  readonly runIds: readonly RunId[];
  /** The same metric and split of each run. */
  readonly series: readonly MetricSeries[];
}

export interface ComparisonOptions {
  readonly title: string;
  readonly metric: string;
  readonly over?: { readonly kind: 'epoch' | 'step'; readonly title: string };
  readonly logarithmic?: boolean;
}

/** A curve per group: the mean over its seeds, and from two seeds on a band of its 95 % interval by Student's t. */
export function comparisonCurvesFigure(
  groups: readonly CurveGroup[],
  { title, metric, over, logarithmic = false }: ComparisonOptions,
): LinesFigure {
  return {
    kind: 'lines',
    title,
    runIds: groups.flatMap(({ runIds }) => runIds),
    x: axis(over?.title ?? 'Epoch'),
    y: axis(metricLabel(metric), { percent: isShareMetric(metric), scale: logarithmic ? 'log' : 'linear' }),
    series: groups.map(({ label, series }, colour) => ({
      label: series.length > 1 ? `${label} (n = ${series.length})` : label,
      ...meanCurve(series, over?.kind ?? 'epoch'),
      style: 'solid' as const,
      colour,
    })),
  };
}

type Curve = Pick<LinesFigure['series'][number], 'x' | 'y' | 'band'>;

/** Means where at least half of the runs still have a number, so that early stopping leaves no jumps at the end. */
function meanCurve(series: readonly MetricSeries[], over: 'epoch' | 'step'): Curve {
  const found = new Map<number, number[]>();
  for (const one of series) {
    const places = over === 'step' ? one.steps : one.epochs;
    one.values.forEach((value, i) => {
      const at = places[i];
      if (at !== undefined && value !== null) found.set(at, [...(found.get(at) ?? []), value]);
    });
  }
  const places = [...found.keys()].sort((a, b) => a - b);
  const kept = places.filter((at) => (found.get(at)?.length ?? 0) * 2 >= series.length);
  const means = kept.map((at) => meanInterval(found.get(at) ?? []));
  const edge = (sign: 1 | -1) =>
    means.map((one) => (typeof one?.half !== 'number' ? null : one.mean + sign * one.half));
  const hasBand = means.some((one) => typeof one?.half === 'number');
  return {
    x: kept,
    y: means.map((one) => one?.mean ?? null),
    band: hasBand ? { low: edge(-1), high: edge(1) } : null,
  };
}
