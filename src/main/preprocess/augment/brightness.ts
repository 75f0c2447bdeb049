import * as tf from '@tensorflow/tfjs-core';
import { symmetric, type Change, type StepOf } from './parts.ts';

/** Adds one number to all values of an image. */
export function brightnessChange({ amount }: StepOf<'brightness'>): Change {
  return (x, draw) => tf.add(x, symmetric(draw('amount', [x.shape[0], 1, 1, 1]), amount));
}
