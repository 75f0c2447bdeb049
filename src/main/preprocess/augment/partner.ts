import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { integers, type Draw } from './parts.ts';

/**
 * Another position of the batch for each, int32 [batch]: all are moved on by the same random number of places, so every
 * example is once a partner, every other one equally likely. A batch of one has only itself.
 */
export function drawPartners(batch: number, draw: Draw): Tensor {
  const others = Math.max(batch - 1, 1);
  const distance = batch === 1 ? tf.zeros([1]) : tf.add(integers(draw('partner', [1]), others), 1);
  const moved = tf.add(tf.range(0, batch, 1, 'float32'), distance);
  const beyond = tf.cast(tf.greaterEqual(moved, batch), 'float32');
  return tf.cast(tf.sub(moved, tf.mul(beyond, batch)), 'int32');
}
