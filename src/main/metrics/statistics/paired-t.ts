import { meanOf, sampleDeviation } from '../spread.ts';
import { studentLimit, studentTwoSided } from './distributions.ts';

/** A statistic with its two-sided p. */
export interface TestResult {
  readonly statistic: number;
  readonly p: number;
}

export type Interval = readonly [lower: number, upper: number];

/** A spread below this share of the mean is what rounding leaves of none. */
const LEAST_SPREAD = 1e-12;

const limits = new Map<number, number>();

/** Student's limit for 95 %, kept because a comparison of many groups asks for few degrees of freedom again and again. */
function limit95(freedom: number): number {
  const limit = limits.get(freedom) ?? studentLimit(0.05, freedom);
  limits.set(freedom, limit);
  return limit;
}

/** The mean of differences in their standard errors; null below two of them or without any spread. */
function tOf(differences: readonly number[]): number | null {
  const mean = meanOf(differences);
  const deviation = sampleDeviation(differences);
  if (mean === null || deviation === null || deviation <= LEAST_SPREAD * Math.abs(mean)) return null;
  return (mean * Math.sqrt(differences.length)) / deviation;
}

/** Student's paired t test that the mean difference is 0, two-sided; null below two pairs or without any spread. */
export function pairedT(differences: readonly number[]): TestResult | null {
  const statistic = tOf(differences);
  return statistic === null ? null : { statistic, p: studentTwoSided(statistic, differences.length - 1) };
}

/** The 95 % interval of a mean by Student's t; null below two values. */
export function meanInterval(values: readonly number[]): Interval | null {
  const mean = meanOf(values);
  const deviation = sampleDeviation(values);
  if (mean === null || deviation === null) return null;
  const reach = (limit95(values.length - 1) * deviation) / Math.sqrt(values.length);
  return [mean - reach, mean + reach];
}

/** Cohen's d of paired differences, mean / standard deviation; null as {@link pairedT}. */
export function pairedEffectSize(differences: readonly number[]): number | null {
  const t = tOf(differences);
  return t === null ? null : t / Math.sqrt(differences.length);
}
