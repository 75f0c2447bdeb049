import type { Points } from './scatter.ts';

/** At most so many of the numbers from 0 up to the count, spread evenly. */
export function evenIndices(count: number, most: number): Uint32Array {
  const shown = Math.min(count, most);
  return Uint32Array.from({ length: shown }, (_, at) => Math.floor((at * count) / shown));
}

/** Two columns as points, of the examples given. */
export function pairPoints(x: ArrayLike<number>, y: ArrayLike<number>, index: Uint32Array): Points {
  return {
    x: Float32Array.from(index, (at) => x[at]!),
    y: Float32Array.from(index, (at) => y[at]!),
    index,
  };
}
