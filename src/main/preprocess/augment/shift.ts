import * as tf from '@tensorflow/tfjs-core';
import { integers, type StepOf, type Warp } from './parts.ts';

const PER_COLUMN = [0, 0, 1, 0, 0, 0, 0, 0, 0];
const PER_ROW = [0, 0, 0, 0, 0, 1, 0, 0, 0];
const STILL = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Moves by whole pixels, the same number of them possible in each direction: the pixel at p comes from p + offset. */
export function shiftWarp({ pixels }: Pick<StepOf<'shift'>, 'pixels'>): Warp {
  return (batch, draw) => {
    const offset = tf.sub(integers(draw('offset', [batch, 2]), 2 * pixels + 1), pixels);
    return tf.add(tf.matMul(offset, tf.tensor2d([PER_COLUMN, PER_ROW])), STILL);
  };
}
