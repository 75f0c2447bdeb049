import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Keeps the variance, and so the logarithm, away from 0 (PyTorch's GaussianNLLLoss has the same). */
export const VARIANCE_FLOOR = 1e-6;

/** Two outputs read as a Gaussian: [batch, 2] -> mean and variance, [batch, 1] each; in prepared units. */
export function splitGaussian(prediction: Tensor): { readonly mean: Tensor; readonly variance: Tensor } {
  const [mean, raw] = tf.split(prediction, 2, -1);
  return { mean: mean!, variance: tf.add(tf.softplus(raw!), VARIANCE_FLOOR) };
}
