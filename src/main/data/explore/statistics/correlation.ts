import type { FeatureHistogram } from '../../../../shared/schema/explore.ts';
import type { Lane } from './lane.ts';

/** Wider tables have no matrix: it could be neither read nor sent. */
const MOST_LANES = 400;

/** Differences of one training row from the means. */
function readRow(lanes: readonly Lane[], means: Float64Array, place: number, into: Float64Array): void {
  for (let lane = 0; lane < lanes.length; lane++) {
    const { values, rows, width, first } = lanes[lane]!.splits[0];
    into[lane] = values[rows[place]! * width + first]! - means[lane]!;
  }
}

function sumProducts(lanes: readonly Lane[], means: Float64Array): Float64Array {
  const size = lanes.length;
  const products = new Float64Array(size * size);
  const row = new Float64Array(size);
  const rowCount = lanes[0]?.splits[0].rows.length ?? 0;
  for (let place = 0; place < rowCount; place++) {
    readRow(lanes, means, place, row);
    for (let a = 0; a < size; a++) {
      const difference = row[a]!;
      if (difference === 0) continue;
      for (let b = 0; b <= a; b++) products[a * size + b]! += difference * row[b]!;
    }
  }
  return products;
}

/**
 * Pearson's r of every pair of lanes over train, [n, n] flat, by one pass of float64 sums about the means. NaN for a
 * feature that does not vary, as r is not defined for it. Null for more than 400 lanes.
 * @param histograms of the same lanes, for their means
 */
export function correlationOf(
  lanes: readonly Lane[],
  histograms: readonly FeatureHistogram[],
): Float32Array<ArrayBuffer> | null {
  const size = lanes.length;
  if (size > MOST_LANES) return null;
  const products = sumProducts(
    lanes,
    Float64Array.from(histograms, ({ mean }) => mean),
  );
  const matrix = new Float32Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const varies = histograms[a]!.standardDeviation > 0 && histograms[b]!.standardDeviation > 0;
      const scale = Math.sqrt(products[a * size + a]! * products[b * size + b]!);
      const r = varies ? Math.max(-1, Math.min(1, products[a * size + b]! / scale)) : NaN;
      matrix[a * size + b] = r;
      matrix[b * size + a] = r;
    }
  }
  return matrix;
}
