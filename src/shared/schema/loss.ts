import { z } from 'zod';

/**
 * `*-cross-entropy` losses take logits; `sparse-` takes labels as integers, `one-hot-` the same labels written as
 * one-hot vectors. The Gaussian negative log-likelihood takes two outputs, the mean and a number whose softplus is the
 * variance: (log variance + (y - mean)^2 / variance) / 2 (Nix and Weigend 1994). Each is the mean over the batch.
 */
export const lossKind = z.enum([
  'sparse-softmax-cross-entropy',
  'one-hot-softmax-cross-entropy',
  'binary-cross-entropy',
  'mean-squared-error',
  'mean-absolute-error',
  'gaussian-negative-log-likelihood',
]);
export type LossKind = z.infer<typeof lossKind>;
