import * as tf from '@tensorflow/tfjs-core';
import type { Features } from '../data/loaded-dataset.ts';
import type { FittedPreprocessing } from '../preprocess/index.ts';
import { TimeSlices, type Slices } from './slices.ts';

/** Rows that go through tfjs at once. */
const ROWS_AT_ONCE = 1_024;

async function applyTo(
  preprocessing: Pick<FittedPreprocessing, 'apply'>,
  values: Features['values'],
  shape: readonly number[],
): Promise<Float32Array> {
  const prepared = tf.tidy(() =>
    preprocessing.apply(tf.tensor(values, [...shape], values instanceof Uint8Array ? 'int32' : 'float32')),
  );
  try {
    return Float32Array.from(await prepared.data());
  } finally {
    prepared.dispose();
  }
}

/**
 * Prepared examples in memory, [rows, features] flat, for what is not computed in a training step. Needs a running engine.
 * @param materialised features of the part that the rows are of, through `preprocessing.materialise` where it has one
 * @throws whatever `slices` stops with
 */
export async function prepareRows(
  preprocessing: Pick<FittedPreprocessing, 'apply'>,
  materialised: Features,
  rows: Int32Array,
  slices: Slices = new TimeSlices(),
): Promise<Float32Array> {
  const { shape, values } = materialised;
  const width = shape.slice(1).reduce((product, side) => product * side, 1);
  const result = new Float32Array(rows.length * width);
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const chunk = rows.subarray(from, from + ROWS_AT_ONCE);
    const raw =
      values instanceof Uint8Array
        ? new Uint8Array(chunk.length * width)
        : new Float32Array(chunk.length * width);
    chunk.forEach((row, i) => raw.set(values.subarray(row * width, (row + 1) * width), i * width));
    result.set(await applyTo(preprocessing, raw, [chunk.length, ...shape.slice(1)]), from * width);
    if (slices.isOver()) await slices.next();
  }
  return result;
}
