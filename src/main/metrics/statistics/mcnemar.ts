import { chiSquareTail, fairCoinTwoSided, NORMAL_LIMIT_95 } from './distributions.ts';
import type { Interval, TestResult } from './paired-t.ts';

/** From so many examples that changed sides on, the chi-square distribution is near enough. */
const LEAST_FOR_CHI_SQUARE = 25;

export interface McNemarResult extends TestResult {
  readonly exact: boolean;
}

/**
 * McNemar's test that as many examples change from wrong to right (`fixed`) as back (`broken`), two-sided: exact by the
 * binomial distribution below 25 of both, with the smaller as statistic, else chi-square with Edwards's continuity
 * correction.
 */
export function mcNemar(fixed: number, broken: number): McNemarResult {
  const changed = fixed + broken;
  if (changed < LEAST_FOR_CHI_SQUARE) {
    const statistic = Math.min(fixed, broken);
    return { statistic, p: fairCoinTwoSided(statistic, changed), exact: true };
  }
  const statistic = (Math.abs(fixed - broken) - 1) ** 2 / changed;
  return { statistic, p: chiSquareTail(statistic), exact: false };
}

/** The 95 % interval (Wald) of the difference of two accuracies on the same examples, (fixed - broken) / examples. */
export function accuracyDifferenceInterval(fixed: number, broken: number, examples: number): Interval {
  const difference = (fixed - broken) / examples;
  const variance = (fixed + broken) / examples - difference ** 2;
  const reach = NORMAL_LIMIT_95 * Math.sqrt(Math.max(0, variance) / examples);
  return [difference - reach, difference + reach];
}
