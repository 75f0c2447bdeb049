import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Draw } from './parts.ts';

/**
 * Numbers from Beta(alpha, alpha), float32 [batch, 1], exact for every alpha > 0 and without rejection: with
 * W = sqrt(U^(-1/alpha) - 1) cos(2 pi V), which is a t-variate of 2 alpha degrees of freedom up to its scale (Bailey
 * 1994), (1 + W / sqrt(1 + W^2)) / 2 is the number sought (Devroye, Random variate generation in one line of code,
 * 1996). With P = U^(1/alpha) and C = cos(2 pi V), W / sqrt(1 + W^2) = C sqrt((1 - P) / (P + (1 - P) C^2)), which does
 * not overflow for small alpha.
 */
export function betaShares(alpha: number, batch: number, draw: Draw): Tensor {
  // 1 - u lies in (0, 1].
  const p = tf.pow(tf.sub(1, draw('share-radius', [batch, 1])), 1 / alpha);
  const c = tf.cos(tf.mul(draw('share-angle', [batch, 1]), 2 * Math.PI));
  const rest = tf.sub(1, p);
  const ratio = tf.div(rest, tf.add(p, tf.mul(rest, tf.square(c))));
  const centred = tf.mul(c, tf.sqrt(ratio));
  // Rounding may leave the number a little outside of [0, 1].
  return tf.clipByValue(tf.mul(tf.add(centred, 1), 0.5), 0, 1);
}
