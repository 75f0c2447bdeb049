import * as tf from '@tensorflow/tfjs-core';
import { symmetric, type Change, type StepOf } from './parts.ts';

/** Multiplies the distance from the image's mean over all pixels and channels. */
export function contrastChange({ amount }: StepOf<'contrast'>): Change {
  return (x, draw) => {
    const factor = tf.add(symmetric(draw('factor', [x.shape[0], 1, 1, 1]), amount), 1);
    const mean = tf.mean(x, [1, 2, 3], true);
    return tf.add(tf.mul(tf.sub(x, mean), factor), mean);
  };
}
