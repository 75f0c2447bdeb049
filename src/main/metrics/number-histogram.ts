import type { Histogram } from '../../shared/schema/results.ts';

const BIN_COUNT = 50;

interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

interface Moments extends Range {
  readonly finite: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

/** Welford's recurrence (1962), which does not cancel where the spread is small beside the mean. */
function measureMoments(values: Float32Array): Moments {
  let [finite, mean, squares, minimum, maximum] = [0, 0, 0, Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    finite++;
    const distance = value - mean;
    mean += distance / finite;
    squares += distance * (value - mean);
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return {
    finite,
    mean,
    minimum,
    maximum,
    standardDeviation: finite === 0 ? 0 : Math.sqrt(squares / finite),
  };
}

/** Equal numbers get a range of width one around them, as in NumPy, or of a millionth of them where that is wider. */
function binRange({ finite, minimum, maximum }: Moments): Range {
  if (finite === 0) return { minimum: -0.5, maximum: 0.5 };
  if (minimum < maximum) return { minimum, maximum };
  const half = Math.max(0.5, Math.abs(minimum) * 1e-6);
  return { minimum: minimum - half, maximum: maximum + half };
}

function countBins(values: Float32Array, { minimum, maximum }: Range): number[] {
  const counts = new Array<number>(BIN_COUNT).fill(0);
  const scale = BIN_COUNT / (maximum - minimum);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    counts[Math.min(BIN_COUNT - 1, Math.floor((value - minimum) * scale))]!++;
  }
  return counts;
}

/** Numbers in 50 equal bins from the smallest to the largest, both included, with their mean and (biased) deviation. */
export function countNumbers(values: Float32Array): Histogram {
  const moments = measureMoments(values);
  const range = binRange(moments);
  return {
    ...range,
    counts: countBins(values, range),
    mean: moments.mean,
    standardDeviation: moments.standardDeviation,
    notFinite: values.length - moments.finite,
  };
}
