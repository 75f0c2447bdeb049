import type { MetricSeries } from '../../shared/schema/metric.ts';
import type { TrainingSpec } from '../../shared/schema/training.ts';
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

/** Does a logarithmic axis suit the numbers: some are positive, none is negative? */
export function suitsLogarithm(series: readonly MetricSeries[]): boolean {
  const values = series.flatMap((one) => one.values).filter((value) => value !== null);
  return values.some((value) => value > 0) && values.every((value) => value >= 0);
}

/** Where numbers cease to be drawn, and why; null where all are. */
export interface CurveGap {
  readonly at: number;
  readonly why: 'not-finite' | 'zero';
}

/** The first gap in curves: a number that is not finite, or one that a logarithmic axis cannot show. */
export function firstGap(
  series: readonly MetricSeries[],
  axis: CurveAxis,
  logarithmic: boolean,
): CurveGap | null {
  const gaps = series.flatMap(({ values, steps, epochs }): CurveGap[] => {
    const index = values.findIndex((value) => value === null || (logarithmic && value <= 0));
    const at = (axis === 'step' ? steps : epochs)[index];
    return at === undefined ? [] : [{ at, why: values[index] === null ? 'not-finite' : 'zero' }];
  });
  return gaps.sort((one, other) => one.at - other.at)[0] ?? null;
}

/** Does the metric tell the splits apart? A learning rate or a lab's measurement does not. */
export function hasSplits(metric: string, isLab = false): boolean {
  return !isLab && metric !== LAST;
}

/** Is a learning rate worth a curve: does it change while the net trains? */
export function ratesChange({ schedule, warmUpEpochs }: TrainingSpec): boolean {
  return schedule.kind !== 'constant' || warmUpEpochs > 0;
}
