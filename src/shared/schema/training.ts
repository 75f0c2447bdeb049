import { z } from 'zod';
import { lossKind } from './loss.ts';
import { metricName } from './metric-name.ts';
import { scheduleSpec } from './schedule.ts';

export { lossKind, type LossKind } from './loss.ts';
export { metricName, type MetricName } from './metric-name.ts';

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

/** Keeps the loss's gradients within a limit, before the optimizer adds its decay (as in PyTorch). */
export const gradientClipping = z.discriminatedUnion('kind', [
  /** All gradients times limit / norm where the norm of all of them together is larger. */
  z.strictObject({ kind: z.literal('norm'), limit: z.number().positive().max(1e6) }),
  /** Each number cut to [-limit, limit]. */
  z.strictObject({ kind: z.literal('value'), limit: z.number().positive().max(1e6) }),
]);
export type GradientClipping = z.infer<typeof gradientClipping>;

export const trainingSpec = z.strictObject({
  loss: lossKind.default('sparse-softmax-cross-entropy'),
  optimizer: optimizerSpec.prefault({ kind: 'adam', learningRate: 0.001 }),
  batchSize: z.int().min(1).max(65_536).default(64),
  epochs: z.int().min(1).max(100_000).default(10),
  schedule: scheduleSpec.prefault({ kind: 'constant' }),
  /** The learning rate grows linearly from 0 over so many epochs before the schedule's own value counts. */
  warmUpEpochs: z.number().min(0).max(10_000).default(0),
  gradientClipping: gradientClipping.nullable().default(null),
  /**
   * Weight of each class in the loss of the main target: a number per class, or "balanced" for examples / (classes *
   * examples of the class). The batch's loss is the weighted mean, as in PyTorch.
   */
  classWeights: z
    .union([z.literal('balanced'), z.array(z.number().positive().max(1e6)).min(2).max(10_000)])
    .nullable()
    .default(null),
  /** Share of the target spread evenly over all classes (Szegedy et al. 2016); softmax losses only. */
  labelSmoothing: z.number().min(0).lt(1).default(0),
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
