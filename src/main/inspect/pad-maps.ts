import type { PadMaps } from '../../shared/schema/inspection.ts';

const STEPS = 255;

/** Smallest and largest of the finite values; 0 and 0 where there are none. */
function extremes(values: Float32Array): readonly [number, number] {
  let minimum = Infinity;
  let maximum = -Infinity;
  // By index, and below too: for-of over a typed array takes seven times as long, which a moving pen would feel.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return minimum <= maximum ? [minimum, maximum] : [0, 0];
}

/** Sum of each unit's outputs; units are the last axis. */
function unitSums(values: Float32Array, units: number): Float64Array {
  const sums = new Float64Array(units);
  for (let start = 0; start < values.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      const value = values[start + unit]!;
      if (Number.isFinite(value)) sums[unit]! += value;
    }
  }
  return sums;
}

/** Units by falling sum; of equal ones the first comes first. */
function orderBySum(sums: Float64Array): Int32Array<ArrayBuffer> {
  const units = Int32Array.from(sums, (_, unit) => unit);
  return units.sort((a, b) => sums[b]! - sums[a]! || a - b);
}

/**
 * A layer's outputs in 256 equal steps between their smallest and their largest; a number that is not finite becomes the
 * lower end.
 * @param values [...shape] flat
 */
export function packMaps(layer: string, shape: readonly number[], values: Float32Array): PadMaps {
  const [minimum, maximum] = extremes(values);
  const perStep = maximum > minimum ? STEPS / (maximum - minimum) : 0;
  const packed = new Uint8Array(values.length);
  // Rounds to the nearest: what is stored loses its fraction.
  for (let i = 0; i < values.length; i++) packed[i] = (values[i]! - minimum) * perStep + 0.5;
  const order = orderBySum(unitSums(values, shape.at(-1) ?? 1));
  return { layer, shape: [...shape], values: packed, minimum, maximum, order };
}
