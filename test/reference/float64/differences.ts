import type { Array64 } from './array.ts';

/** Half the distance of a central difference: its own error and the doubles' rounding balance near 1e-5. */
const REACH = 1e-5;

/**
 * Gradient of `compute` by one array, by central differences: about ten digits in doubles.
 * @param compute reads `variable`, whose values are changed in place and put back
 */
export function differentiate(variable: Array64, compute: () => number): Float64Array {
  return variable.values.map((value, index, values) => {
    values[index] = value + REACH;
    const above = compute();
    values[index] = value - REACH;
    const below = compute();
    values[index] = value;
    return (above - below) / (2 * REACH);
  });
}
