import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Features } from '../data/loaded-dataset.ts';

function emptyLike(values: Features['values'], count: number): Int32Array | Float32Array {
  return values instanceof Float32Array ? new Float32Array(count) : new Int32Array(count);
}

/** Rows of features as a tensor [rows, ...example], the caller's; 8-bit values come as int32, as a program gathers them. */
export function gatherRows({ shape, values }: Features, rows: Int32Array): Tensor {
  const exampleShape = shape.slice(1);
  const width = exampleShape.reduce((product, side) => product * side, 1);
  const gathered = emptyLike(values, rows.length * width);
  rows.forEach((row, i) => gathered.set(values.subarray(row * width, (row + 1) * width), i * width));
  return tf.tensor(gathered, [rows.length, ...exampleShape]);
}

/** Cuts rows into batches, the last one perhaps smaller. */
export function cutIntoBatches(rows: Int32Array, batchSize: number): Int32Array[] {
  const count = Math.ceil(rows.length / batchSize);
  return Array.from({ length: count }, (_, i) => rows.subarray(i * batchSize, (i + 1) * batchSize));
}
