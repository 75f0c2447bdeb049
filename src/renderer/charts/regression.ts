import type { Histogram, RegressionResult } from '../../shared/schema/results.ts';

/** A column of numbers. */
export type Numbers = Float32Array | Float64Array | readonly number[];

/** At most so many of n positions, spread evenly. */
export function evenPositions(count: number, most: number): number[] {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, index) => Math.floor((index * count) / shown));
}

/** Actual minus predicted, per example. */
export function residuals(result: RegressionResult): Float64Array {
  return Float64Array.from(result.actual, (value, index) => value - (result.predicted[index] ?? Number.NaN));
}

/** Smallest and largest finite number; null where there is none. */
export function extentOf(...columns: readonly Numbers[]): readonly [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : null;
}

/** Room around an extent, so that marks at its ends are whole. */
export function padded([low, high]: readonly [number, number], share = 0.04): readonly [number, number] {
  const room = (high - low || Math.abs(high) || 1) * share;
  return [low - room, high + room];
}

/** Counts numbers in so many equal bins from the smallest to the largest. */
export function binNumbers(values: Numbers, bins: number): Histogram {
  const [minimum, maximum] = extentOf(values) ?? [0, 0];
  const counts = new Array<number>(bins).fill(0);
  const width = (maximum - minimum) / bins || 1;
  let [sum, squares, finite] = [0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - minimum) / width));
    counts[bin] = counts[bin]! + 1;
    sum += value;
    squares += value * value;
    finite++;
  }
  const mean = finite === 0 ? 0 : sum / finite;
  const variance = finite === 0 ? 0 : Math.max(0, squares / finite - mean * mean);
  const standardDeviation = Math.sqrt(variance);
  return { minimum, maximum, counts, mean, standardDeviation, notFinite: values.length - finite };
}

/** Bins for so many numbers (square root of the count), within reason. */
export function binCount(count: number): number {
  return Math.max(5, Math.min(40, Math.ceil(Math.sqrt(count))));
}

/** Share of examples whose error is at most `width` predicted standard deviations; null without any. */
export function coverage(result: RegressionResult, width: number): number | null {
  const { sigma } = result;
  if (sigma === null || sigma.length === 0) return null;
  const errors = residuals(result);
  const within = errors.filter((error, index) => Math.abs(error) <= width * (sigma[index] ?? 0));
  return within.length / errors.length;
}
