import { z } from 'zod';

/**
 * `*-cross-entropy` losses take logits; `sparse-` takes labels as integers, `one-hot-` the same labels
 * written as one-hot vectors. Each is the mean over the batch.
 */
export const lossKind = z.enum([
  'sparse-softmax-cross-entropy',
  'one-hot-softmax-cross-entropy',
  'binary-cross-entropy',
  'mean-squared-error',
  'mean-absolute-error',
]);
export type LossKind = z.infer<typeof lossKind>;

const learningRate = z.number().positive().max(100);
/** L2 penalty added to the gradient, g + weightDecay * w (PyTorch's `weight_decay`); decoupled in adamw. */
const weightDecay = z.number().min(0).max(10).default(0);
const epsilon = z.number().positive().default(1e-8);
const beta1 = z.number().min(0).lt(1).default(0.9);
const beta2 = z.number().min(0).lt(1).default(0.999);

/** Each with PyTorch's definition (torch.optim). */
export const optimizerSpec = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    learningRate,
    momentum: z.number().min(0).lt(1).default(0),
    nesterov: z.boolean().default(false),
    weightDecay,
  }),
  z.strictObject({ kind: z.literal('adam'), learningRate, beta1, beta2, epsilon, weightDecay }),
  z.strictObject({
    kind: z.literal('adamw'),
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay: z.number().min(0).max(10).default(0.01),
  }),
  z.strictObject({
    kind: z.literal('rmsprop'),
    learningRate,
    /** Smoothing constant (PyTorch's `alpha`). */
    smoothing: z.number().min(0).lt(1).default(0.99),
    momentum: z.number().min(0).lt(1).default(0),
    epsilon,
    weightDecay,
  }),
]);
export type OptimizerSpec = z.infer<typeof optimizerSpec>;
export type OptimizerKind = OptimizerSpec['kind'];

export const metricName = z.enum(['loss', 'accuracy', 'mean-absolute-error', 'root-mean-squared-error']);
export type MetricName = z.infer<typeof metricName>;

export const earlyStoppingSpec = z.strictObject({
  split: z.enum(['train', 'dev']).default('dev'),
  metric: metricName.default('loss'),
  /** Epochs without an improvement before training stops. */
  patience: z.int().min(1).max(100_000),
  /** Improvements smaller than this do not count. */
  minimumDelta: z.number().min(0).default(0),
  /** Give the best epoch's weights, not the last one's, to the final evaluation. */
  restoreBest: z.boolean().default(true),
});
export type EarlyStoppingSpec = z.infer<typeof earlyStoppingSpec>;

export const trainingSpec = z.strictObject({
  loss: lossKind,
  optimizer: optimizerSpec,
  batchSize: z.int().min(1).max(65_536),
  epochs: z.int().min(1).max(100_000),
  /** Skip the last, smaller batch of an epoch. */
  dropLastBatch: z.boolean().default(false),
  earlyStopping: earlyStoppingSpec.nullable().default(null),
});
export type TrainingSpec = z.infer<typeof trainingSpec>;

export const evaluationSpec = z.strictObject({
  /** Measured besides the loss, on every split. */
  metrics: z.array(metricName).default(['accuracy']),
  /** Evaluate dev after every n epochs; 0 for only after the last. */
  everyEpochs: z.int().min(0).default(1),
  /** Evaluate test with the dev split, after every evaluated epoch, or only once at the end. */
  testEveryEpoch: z.boolean().default(false),
  batchSize: z.int().min(1).max(65_536).default(512),
});
export type EvaluationSpec = z.infer<typeof evaluationSpec>;
