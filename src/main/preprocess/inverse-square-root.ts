import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';

/** Enough for the power method to find the largest eigenvalue within a few per cent. */
const POWER_STEPS = 24;
const MAX_STEPS = 60;
/** Root of the mean squared error of A^-1/2 A A^-1/2 against the identity that is still taken. */
const TOLERANCE = 2e-3;

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

function symmetric(x: Tensor2D): Tensor2D {
  return tf.mul(tf.add(x, tf.transpose(x)), 0.5);
}

interface Iterate {
  readonly y: Tensor2D;
  readonly z: Tensor2D;
}

/** One coupled step; `residual` is that of the iterate it started from. Disposes the old iterate. */
function advance({ y, z }: Iterate, identity: Tensor2D): { next: Iterate; residual: number } {
  const [nextY, nextZ, distance] = tf.tidy(() => {
    const error = tf.sub(identity, tf.matMul(z, y));
    const factor = tf.add(identity, tf.mul(error, 0.5));
    // Rounding breaks the symmetry a little at each step, and the breaks would grow.
    return [
      symmetric(tf.matMul(y, factor)),
      symmetric(tf.matMul(factor, z)),
      tf.sqrt(tf.mean(tf.sum(tf.square(error), 1))),
    ] as [Tensor2D, Tensor2D, Scalar];
  });
  const residual = distance.dataSync()[0]!;
  tf.dispose([y, z, distance]);
  return { next: { y: nextY, z: nextZ }, residual };
}

/**
 * A^-1/2 of a symmetric positive definite matrix by the coupled Newton-Schulz iteration
 *   M = Z Y,  Y <- Y (3 I - M) / 2,  Z <- (3 I - M) / 2 Z,  from Y = A / s, Z = I, with Z -> (A / s)^-1/2
 * (Higham, Functions of Matrices, 2008, equation 6.35), which is made of matrix products alone. It goes on until
 * rounding stops it: in float32 it is right to about 1e-4 where the eigenvalues span 1e4, and fails beyond 1e7.
 * @param matrix [n, n]; borrowed
 * @returns [n, n], the caller's
 * @throws StudioError `invalid-input` where the eigenvalues span too much for float32
 */
export async function inverseSquareRoot(matrix: Tensor2D): Promise<Tensor2D> {
  const scale = largestEigenvalue(matrix);
  const identity: Tensor2D = tf.eye(matrix.shape[0]);
  let iterate: Iterate = { y: tf.div(matrix, scale), z: tf.clone(identity) };
  let best = Infinity;
  for (let step = 0; step < MAX_STEPS; step++) {
    const { next, residual } = advance(iterate, identity);
    iterate = next;
    // Far from the end the residual may stay near one for a while; near the end growth means rounding.
    if (!Number.isFinite(residual) || (best < 0.1 && residual >= best)) break;
    best = Math.min(best, residual);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const root: Tensor2D = tf.tidy(() => tf.mul(iterate.z, 1 / Math.sqrt(scale)));
  tf.dispose([identity, iterate.y, iterate.z]);
  if (best <= TOLERANCE) return root;
  root.dispose();
  throw new StudioError(
    'invalid-input',
    `inverse square root: the iteration ended ${best.toExponential(1)} from the identity, expected at most ` +
      `${TOLERANCE}; the largest eigenvalue is ${scale.toPrecision(3)}`,
    { largestEigenvalue: scale },
  );
}
