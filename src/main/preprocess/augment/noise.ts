import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Change, Draw, StepOf } from './parts.ts';

/**
 * Standard normal numbers [batch, count]: each pair of uniform numbers gives two, r cos t and r sin t with
 * r = sqrt(-2 log(1 - u)), t = 2 pi v (Box and Muller 1958).
 */
export function normalNumbers(batch: number, count: number, draw: Draw): Tensor {
  const pairs = Math.ceil(count / 2);
  const [u, v] = tf.split(draw('noise', [batch, 2 * pairs]), 2, 1) as [Tensor, Tensor];
  const radius = tf.sqrt(tf.mul(tf.log(tf.sub(1, u)), -2));
  const angle = tf.mul(v, 2 * Math.PI);
  const both = tf.concat([tf.mul(radius, tf.cos(angle)), tf.mul(radius, tf.sin(angle))], 1);
  return count === 2 * pairs ? both : tf.slice(both, [0, 0], [batch, count]);
}

/** Adds Gaussian noise to every value. */
export function noiseChange({ standardDeviation }: StepOf<'noise'>): Change {
  return (x, draw) => {
    const batch = x.shape[0];
    const normal = normalNumbers(batch, x.size / batch, draw);
    return tf.add(x, tf.reshape(tf.mul(normal, standardDeviation), x.shape));
  };
}
