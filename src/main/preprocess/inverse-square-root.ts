import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';

const POWER_STEPS = 24;
/** The power method comes from below, and no eigenvalue may lie above the scale. */
const SAFETY = 1.2;
const MAX_STEPS = 60;
/** Convergence is quadratic: from here the next step reaches what rounding leaves. */
const NEARLY_DONE = 1e-4;
/** Lower bound of the scaled eigenvalues' roots from which scaling gains nothing. */
const GATHERED = 0.999;
/** Largest error that is taken, as the root of the mean squared length of the rows of I - Z A Z. */
const TOLERANCE = 1e-2;

/** Largest eigenvalue of a positive definite matrix by the power method, from below. */
function largestEigenvalue(matrix: Tensor2D): number {
  const size = matrix.shape[0];
  return tf.tidy(() => {
    // Not constant: a constant vector may be at right angles to the eigenvector.
    let v = tf.tensor2d(
      Float32Array.from({ length: size }, (_, i) => 1 + Math.sin(i + 1)),
      [size, 1],
    );
    let norm: Scalar = tf.scalar(1);
    for (let i = 0; i < POWER_STEPS; i++) {
      const next = tf.matMul(matrix, v);
      norm = tf.norm(next) as Scalar;
      v = tf.div(next, norm);
    }
    return norm.dataSync()[0]!;
  });
}

/** Root of the mean squared length of the rows. */
function rowLength(error: Tensor2D): Scalar {
  return tf.sqrt(tf.mean(tf.sum(tf.square(error), 1)));
}

interface Iterate {
  readonly y: Tensor2D;
  readonly z: Tensor2D;
}

/**
 * Y <- Y T, Z <- T Z with T = rho (3 I - rho^2 Z Y) / 2; `error` is that of the iterate it started from. Disposes the
 * old iterate.
 */
function advance({ y, z }: Iterate, identity: Tensor2D, rho: number): { next: Iterate; error: number } {
  const [nextY, nextZ, distance] = tf.tidy(() => {
    const product = tf.matMul(z, y);
    const factor = tf.sub(tf.mul(identity, 1.5 * rho), tf.mul(product, rho ** 3 / 2));
    return [tf.matMul(y, factor), tf.matMul(factor, z), rowLength(tf.sub(identity, product))] as [
      Tensor2D,
      Tensor2D,
      Scalar,
    ];
  });
  const error = distance.dataSync()[0]!;
  tf.dispose([y, z, distance]);
  return { next: { y: nextY, z: nextZ }, error };
}

/** Iterates from Y = A / scale, Z = I until rounding stops it; Z / sqrt(scale), the caller's. */
async function iterate(matrix: Tensor2D, scale: number, smallest: number): Promise<Tensor2D> {
  const identity: Tensor2D = tf.eye(matrix.shape[0]);
  let current: Iterate = { y: tf.div(matrix, scale), z: tf.clone(identity) };
  let lower = Math.sqrt(smallest / scale);
  let last = Infinity;
  for (let step = 0; step < MAX_STEPS; step++) {
    const scaling = lower < GATHERED;
    const rho = scaling ? Math.sqrt(3 / (1 + lower + lower ** 2)) : 1;
    lower = Math.min(1, (rho * lower * (3 - (rho * lower) ** 2)) / 2);
    const { next, error } = advance(current, identity, rho);
    current = next;
    const stuck = !scaling && error >= last;
    if (!Number.isFinite(error) || error < NEARLY_DONE || stuck) break;
    last = error;
    // Others may run between steps, each of which takes up to a second.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const root: Tensor2D = tf.tidy(() => {
    const z = tf.mul(current.z, 1 / Math.sqrt(scale));
    return tf.mul(tf.add(z, tf.transpose(z)), 0.5);
  });
  tf.dispose([identity, current.y, current.z]);
  return root;
}

/** How far Z A Z is from the identity. */
function errorOf(root: Tensor2D, matrix: Tensor2D): number {
  return tf.tidy(() => {
    const product: Tensor2D = tf.matMul(tf.matMul(root, matrix), root);
    return rowLength(tf.sub(tf.eye(matrix.shape[0]), product)).dataSync()[0]!;
  });
}

/**
 * A^-1/2 of a symmetric positive definite matrix by the coupled Newton-Schulz iteration (Higham, Functions of Matrices,
 * 2008, equation 6.35), which is made of matrix products alone, with the scaling of Chen and Chow (A stable scaling of
 * Newton-Schulz, 2014), which halves its steps. In float32 it is right to about 1e-4 where the eigenvalues span 1e4, to
 * 3e-3 where they span 1e6.
 * @param matrix [n, n]; borrowed
 * @param smallest no eigenvalue should lie below it
 * @returns [n, n], the caller's
 * @throws StudioError `invalid-input` where the eigenvalues span too much for float32
 */
export async function inverseSquareRoot(matrix: Tensor2D, smallest: number): Promise<Tensor2D> {
  const largest = largestEigenvalue(matrix);
  const root = await iterate(matrix, SAFETY * largest, smallest);
  const error = errorOf(root, matrix);
  if (error <= TOLERANCE) return root;
  root.dispose();
  throw new StudioError(
    'invalid-input',
    `inverse square root: the error is ${error.toExponential(1)}, expected at most ${TOLERANCE}; the eigenvalues lie ` +
      `between ${smallest.toPrecision(3)} and ${largest.toPrecision(3)}`,
    { smallest, largest, error },
  );
}
