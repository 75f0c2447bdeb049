import type { FeatureHistogram } from '../../../../shared/schema/explore.ts';
import type { Lane, LaneRows } from './lane.ts';

/** Steps of a histogram of numbers that can lie anywhere. */
const STEPS = 32;
/** Whole numbers with at most so many values get one step per value; bytes are counted in so many steps. */
const MOST_STEPS = 64;

interface Bounds {
  minimum: number;
  maximum: number;
  areWhole: boolean;
}

function widen(bounds: Bounds, { values, rows, width, first, step }: LaneRows): void {
  for (const row of rows) {
    const end = (row + 1) * width;
    for (let place = row * width + first; place < end; place += step) {
      const value = values[place]!;
      if (!Number.isFinite(value)) continue;
      if (value < bounds.minimum) bounds.minimum = value;
      if (value > bounds.maximum) bounds.maximum = value;
      if (bounds.areWhole && !Number.isInteger(value)) bounds.areWhole = false;
    }
  }
}

function boundsOf({ splits }: Lane): Bounds {
  const bounds = { minimum: Infinity, maximum: -Infinity, areWhole: true };
  for (const split of splits) widen(bounds, split);
  return bounds.maximum >= bounds.minimum ? bounds : { minimum: 0, maximum: 0, areWhole: true };
}

function stepsBetween({ minimum, maximum, areWhole }: Bounds): number {
  if (maximum === minimum) return 1;
  const range = maximum - minimum;
  return areWhole && range < MOST_STEPS ? range + 1 : STEPS;
}

function countSteps(
  { values, rows, width, first, step }: LaneRows,
  { minimum, maximum }: Bounds,
  steps: number,
): Int32Array<ArrayBuffer> {
  const counts = new Int32Array(steps);
  const scale = maximum > minimum ? steps / (maximum - minimum) : 0;
  for (const row of rows) {
    const end = (row + 1) * width;
    for (let place = row * width + first; place < end; place += step) {
      const value = values[place]!;
      if (!Number.isFinite(value)) continue;
      const at = Math.floor((value - minimum) * scale);
      counts[at < steps ? at : steps - 1]!++;
    }
  }
  return counts;
}

/** Mean and standard deviation (divided by n) in one pass of float64 sums of differences from the first value. */
function momentsOf({ values, rows, width, first, step }: LaneRows): {
  mean: number;
  standardDeviation: number;
} {
  const origin = rows.length > 0 ? values[rows[0]! * width + first]! : 0;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    const end = (row + 1) * width;
    for (let place = row * width + first; place < end; place += step) {
      const difference = values[place]! - origin;
      if (!Number.isFinite(difference)) continue;
      count++;
      sum += difference;
      squares += difference * difference;
    }
  }
  if (count === 0) return { mean: 0, standardDeviation: 0 };
  const variance = (squares - (sum * sum) / count) / count;
  return { mean: origin + sum / count, standardDeviation: Math.sqrt(Math.max(0, variance)) };
}

/** Bytes have 256 values: counted once, everything follows from the counts. */
function countBytes({ values, rows, width, first, step }: LaneRows): Float64Array {
  const counts = new Float64Array(256);
  for (const row of rows) {
    const end = (row + 1) * width;
    for (let place = row * width + first; place < end; place += step) counts[values[place]!]!++;
  }
  return counts;
}

function byteMoments(counts: Float64Array): { mean: number; standardDeviation: number } {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { mean: 0, standardDeviation: 0 };
  const mean = counts.reduce((sum, count, value) => sum + count * value, 0) / total;
  const variance = counts.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0) / total;
  return { mean, standardDeviation: Math.sqrt(variance) };
}

function byteHistogram({ name, splits }: Lane): FeatureHistogram {
  const counted = splits.map(countBytes);
  const perStep = 256 / MOST_STEPS;
  const counts = counted.map((bytes) => {
    const steps = new Int32Array(MOST_STEPS);
    bytes.forEach((count, value) => (steps[Math.floor(value / perStep)]! += count));
    return steps;
  });
  return { name, minimum: 0, maximum: 255, counts, ...byteMoments(counted[0]!) };
}

/**
 * Histogram of a feature between the least and the greatest value of train, dev and test (0 and 255 for bytes); mean and
 * standard deviation are of train. Whole numbers in a short range get a step each; equal values one step. Values that are
 * not finite are left out.
 */
export function featureHistogram(lane: Lane): FeatureHistogram {
  if (lane.splits[0].values instanceof Uint8Array) return byteHistogram(lane);
  const bounds = boundsOf(lane);
  const steps = stepsBetween(bounds);
  return {
    name: lane.name,
    minimum: bounds.minimum,
    maximum: bounds.maximum,
    counts: lane.splits.map((split) => countSteps(split, bounds, steps)),
    ...momentsOf(lane.splits[0]),
  };
}
