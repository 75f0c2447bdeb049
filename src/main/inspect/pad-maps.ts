import type { PadMaps } from '../../shared/schema/inspection.ts';

const STEPS = 255;

/** Smallest and largest of the finite values; 0 and 0 where there are none. */
function extremes(values: Float32Array): readonly [number, number] {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  return minimum <= maximum ? [minimum, maximum] : [0, 0];
}

/** Sum of each unit's outputs; units are the last axis. */
function unitSums(values: Float32Array, units: number): Float64Array {
  const sums = new Float64Array(units);
  values.forEach((value, i) => (sums[i % units]! += Number.isFinite(value) ? value : 0));
  return sums;
}

/** Units by falling sum; of equal ones the first comes first. */
function orderBySum(sums: Float64Array): Int32Array<ArrayBuffer> {
  const units = Int32Array.from(sums, (_, unit) => unit);
  return units.sort((a, b) => sums[b]! - sums[a]! || a - b);
}

/**
 * A layer's outputs in 256 equal steps between their smallest and their largest; a number that is not finite becomes the
 * nearer end, NaN the lower one.
 * @param values [...shape] flat
 */
export function packMaps(layer: string, shape: readonly number[], values: Float32Array): PadMaps {
  const [minimum, maximum] = extremes(values);
  const perStep = maximum > minimum ? STEPS / (maximum - minimum) : 0;
  const packed = new Uint8Array(values.length);
  values.forEach((value, i) => {
    const step = value === Infinity ? STEPS : Math.round((value - minimum) * perStep);
    packed[i] = Math.min(STEPS, Math.max(0, step));
  });
  const order = orderBySum(unitSums(values, shape.at(-1) ?? 1));
  return { layer, shape: [...shape], values: packed, minimum, maximum, order };
}
