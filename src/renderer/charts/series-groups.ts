import type { MetricSeries } from '../../shared/schema/metric.ts';
import { baseMetric } from '../text/format.ts';

/** Curves that share a panel: one metric, of the whole model or of one of its heads. */
export interface CurveGroup {
  /** Without a head, e.g. "accuracy". */
  readonly metric: string;
  /** Full names, the model's own first. */
  readonly choices: readonly string[];
}

/** Always drawn after the others: it explains them. */
const LAST = 'learning-rate';

/** Gathers curves by what they measure, in order of appearance. */
export function groupCurves(metrics: readonly string[]): CurveGroup[] {
  const groups = new Map<string, string[]>();
  for (const metric of metrics) {
    const base = baseMetric(metric);
    const choices = groups.get(base) ?? [];
    if (metric === base) choices.unshift(metric);
    else choices.push(metric);
    groups.set(base, choices);
  }
  return [...groups]
    .map(([metric, choices]) => ({ metric, choices }))
    .sort((one, other) => Number(one.metric === LAST) - Number(other.metric === LAST));
}

/** The head a curve's name belongs to, or "all" for the model's own. */
export function headLabel(metric: string): string {
  const base = baseMetric(metric);
  return base === metric ? 'all' : metric.slice(0, metric.length - base.length - 1);
}

/** What a curve is drawn over. */
export type CurveAxis = 'epoch' | 'step';

/** Steps where a lab measured by them, or where an epoch has more than one point; epochs otherwise. */
export function axisOf(series: readonly MetricSeries[], isLab: boolean): CurveAxis {
  const hasManyPerEpoch = series.some(({ epochs }) => epochs.length > new Set(epochs).size);
  return isLab || hasManyPerEpoch ? 'step' : 'epoch';
}

/** Has a logarithmic axis something to show for every number that was measured? */
export function isPositive(series: readonly MetricSeries[]): boolean {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => value > 0);
}

/** The first step at which a curve has no finite number, or null. */
export function firstNotFinite(series: readonly MetricSeries[], axis: CurveAxis): number | null {
  const places = series.flatMap((one) => {
    const index = one.values.indexOf(null);
    const at = (axis === 'step' ? one.steps : one.epochs)[index];
    return at === undefined ? [] : [at];
  });
  return places.length === 0 ? null : Math.min(...places);
}

/** Does the metric tell the splits apart? A learning rate or a lab's measurement does not. */
export function hasSplits(metric: string, isLab = false): boolean {
  return !isLab && metric !== LAST;
}
