import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** g + weightDecay * w: the L2 penalty as PyTorch adds it to the gradient. */
export function addDecay(gradient: Tensor, parameter: Tensor, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));
}

/** share * average + (1 - share) * value, the moving average of the adaptive rules. */
export function movingAverage(average: Tensor, value: Tensor, share: number): Tensor {
  return tf.add(tf.mul(average, share), tf.mul(value, 1 - share));
}
