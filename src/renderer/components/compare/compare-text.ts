import type { GroupTest, PairSet } from '../../../shared/schema/comparison.ts';
import type { CompareAxis } from '../../state/compare-lines.ts';
import { formatMetric, isMeasured, metricLabel } from '../../text/format.ts';

/** The x axis by its name, with its unit. */
export const AXIS_TITLES: Readonly<Record<CompareAxis, string>> = {
  epoch: 'Epoch',
  step: 'Step',
  time: 'Training time (s)',
};

/** The sets of two compared classifiers in words. */
export const SET_LABELS: Readonly<Record<PairSet, { readonly label: string; readonly meaning: string }>> = {
  'both-right': { label: 'Both right', meaning: 'Named right by A and by B' },
  fixed: { label: 'Fixed', meaning: 'Wrong by A, right by B' },
  broken: { label: 'Broken', meaning: 'Right by A, wrong by B' },
  'both-wrong-alike': { label: 'Both wrong alike', meaning: 'Both name the same wrong class' },
  'both-wrong-differently': { label: 'Both wrong differently', meaning: 'Each names another wrong class' },
};

/** A curve's name as a heading, e.g. "test accuracy". */
export function curveLabel(curve: string): string {
  const cut = curve.indexOf('/');
  const label = metricLabel(curve.slice(cut + 1));
  return `${curve.slice(0, cut)} ${label.charAt(0).toLowerCase()}${label.slice(1)}`;
}

/** A probability with the digits it deserves; never plain zero. */
export function formatP(p: number | null | undefined): string {
  if (!isMeasured(p)) return 'not computed';
  return p < 0.0001 ? '< 0.0001' : p.toPrecision(p < 0.001 ? 1 : 2);
}

/** A stretch of a metric, e.g. "91.02 to 91.54 %". */
export function formatInterval(metric: string, interval: readonly [number, number] | null): string {
  if (interval === null) return 'needs two runs';
  const [low, high] = interval.map((end) => formatMetric(metric, end));
  return `${(low ?? '').replace(/\u00a0%$/, '')} to ${high ?? ''}`;
}

/** Differences of a metric with their sign; per cent points for shares. */
export function formatDifference(metric: string, difference: number | null): string {
  const text = formatMetric(metric, difference);
  return isMeasured(difference) && difference > 0 ? `+${text}` : text;
}

/** Pairs that differ most clearly first; those that cannot tell last. */
export function clearestFirst(tests: readonly GroupTest[]): GroupTest[] {
  const p = (test: GroupTest) => test.pairedT?.pHolm ?? test.wilcoxon?.pHolm ?? 2;
  return [...tests].sort((one, other) => p(one) - p(other) || one.a - other.a || one.b - other.b);
}
