import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Features } from '../data/loaded-dataset.ts';
import { applyAffine, type Affine } from './affine.ts';
import { inverseSquareRoot } from './inverse-square-root.ts';
import { featureCount } from './moments.ts';

/**
 * Zero-phase whitening (Bell and Sejnowski 1997): W = U (L + epsilon)^-1/2 U^T of the covariance U L U^T, float32
 * [width, width] flat. It takes centred features: the affine map before it subtracts their mean.
 */
export interface Whitening {
  readonly width: number;
  readonly matrix: Float32Array;
}

/** Numbers handed to the engine at a time; 16 MB as float32. */
const CHUNK_NUMBERS = 2 ** 22;

/** Between chunks others may run: a trainer answers, a window is told. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Copies rows into an array of their own, in their own type. */
function gatherRows({ values }: Features, width: number, rows: Int32Array): Int32Array | Float32Array {
  const gathered =
    values instanceof Uint8Array
      ? new Int32Array(rows.length * width)
      : new Float32Array(rows.length * width);
  rows.forEach((row, i) => gathered.set(values.subarray(row * width, (row + 1) * width), i * width));
  return gathered;
}

/** Rows after the affine map, float32 [rows, width]; the caller's. */
function mappedRows(features: Features, rows: Int32Array, affine: Affine): Tensor2D {
  const width = featureCount(features);
  const gathered = gatherRows(features, width, rows);
  return tf.tidy(() => {
    const x = tf.tensor(gathered, [rows.length, ...features.shape.slice(1)]);
    return tf.reshape(applyAffine(x, affine), [rows.length, width]);
  });
}

/** The rows in pieces small enough for {@link CHUNK_NUMBERS}. */
function* chunks(rows: Int32Array, width: number): Generator<Int32Array> {
  const size = Math.max(1, Math.floor(CHUNK_NUMBERS / width));
  for (let start = 0; start < rows.length; start += size) yield rows.subarray(start, start + size);
}

/** Covariance (divided by n) of rows that the affine map has centred; the caller's. */
async function covariance(features: Features, rows: Int32Array, affine: Affine): Promise<Tensor2D> {
  const width = featureCount(features);
  let sum: Tensor2D = tf.zeros([width, width]);
  for (const chunk of chunks(rows, width)) {
    const before = sum;
    sum = tf.tidy(() => {
      const x = mappedRows(features, chunk, affine);
      return tf.add(before, tf.div(tf.matMul(x, x, true), rows.length));
    });
    before.dispose();
    await breathe();
  }
  return sum;
}

/**
 * Fits the whitening matrix on the given rows with the running engine, in float32.
 * @param affine maps the features and centres them
 * @param epsilon added to each eigenvalue of the covariance
 * @throws StudioError `invalid-input` where epsilon is too small against the largest eigenvalue for float32
 */
export async function fitWhitening(
  features: Features,
  rows: Int32Array,
  affine: Affine,
  epsilon: number,
): Promise<Whitening> {
  const width = featureCount(features);
  const spread = await covariance(features, rows, affine);
  const shifted: Tensor = tf.tidy(() => tf.add(spread, tf.mul(tf.eye(width), epsilon)));
  spread.dispose();
  try {
    const root = await inverseSquareRoot(shifted as Tensor2D, epsilon);
    const matrix = (await root.data()) as Float32Array;
    root.dispose();
    return { width, matrix };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    throw new StudioError(
      'invalid-input',
      `preprocessing: zca-whitening with epsilon ${epsilon} cannot be computed in float32 (${error.message}); ` +
        'take a larger epsilon, or standardise first',
      { ...error.details, path: 'preprocessing' },
    );
  } finally {
    shifted.dispose();
  }
}

/**
 * Whitens every example once, in chunks on the running engine.
 * @returns float32 features of the same shape, in memory of their own
 */
export async function whiten(features: Features, affine: Affine, whitening: Whitening): Promise<Features> {
  const { width, matrix } = whitening;
  const values = new Float32Array(features.values.length);
  const w = tf.tensor2d(matrix, [width, width]);
  try {
    const rows = Int32Array.from({ length: features.shape[0] ?? 0 }, (_, row) => row);
    for (const chunk of chunks(rows, width)) {
      const y = tf.tidy(() => tf.matMul(mappedRows(features, chunk, affine), w));
      values.set(await y.data(), chunk[0]! * width);
      y.dispose();
      await breathe();
    }
  } finally {
    w.dispose();
  }
  return { shape: features.shape, values };
}
