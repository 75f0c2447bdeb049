import type { ClassificationResult } from '../../shared/schema/results.ts';

type CalibrationBins = ClassificationResult['calibration'];

/** Fewer examples would leave many of 15 bins nearly empty. */
const MANY_EXAMPLES = 1_000;

/**
 * Examples by confidence in equal bins over [0, 1], the last one closed: 15 as Guo et al. (2017) take, 10 for fewer than
 * 1,000 examples.
 */
export function binByConfidence(
  confidence: Float32Array,
  actual: Int32Array,
  predicted: Int32Array,
): CalibrationBins {
  const binCount = confidence.length < MANY_EXAMPLES ? 10 : 15;
  const counts = new Int32Array(binCount);
  const right = new Int32Array(binCount);
  const sums = new Float64Array(binCount);
  confidence.forEach((value, i) => {
    const bin = Math.min(binCount - 1, Math.floor(value * binCount));
    counts[bin]!++;
    sums[bin]! += value;
    if (actual[i] === predicted[i]) right[bin]!++;
  });
  return Array.from(counts, (count, bin) => ({
    lower: bin / binCount,
    upper: (bin + 1) / binCount,
    count,
    meanConfidence: count === 0 ? null : sums[bin]! / count,
    accuracy: count === 0 ? null : right[bin]! / count,
  }));
}

/** Mean over the examples of |accuracy - confidence| of their bins (Guo et al. 2017, eq. 3). */
export function expectedCalibrationError(bins: CalibrationBins): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const gaps = bins.map(({ count, meanConfidence, accuracy }) =>
    meanConfidence === null || accuracy === null ? 0 : count * Math.abs(accuracy - meanConfidence),
  );
  return gaps.reduce((sum, gap) => sum + gap, 0) / total;
}
