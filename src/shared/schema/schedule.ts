import { z } from 'zod';
import { metricName } from './metric-name.ts';

const factor = z.number().positive().lt(1);

/**
 * How the optimizer's learning rate changes over a run. Epochs are counted in steps / steps per epoch, so that a rate
 * changes within an epoch where its formula says so; `step` and `exponential` change at whole epochs, as PyTorch's
 * StepLR and ExponentialLR do.
 */
export const scheduleSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** Times `factor` after every `everyEpochs` epochs. */
  z.strictObject({ kind: z.literal('step'), everyEpochs: z.int().min(1).max(100_000), factor }),
  /** Times `factor` after every epoch. */
  z.strictObject({ kind: z.literal('exponential'), factor }),
  /** Half a cosine from the learning rate to `minimumShare` of it at the last step (Loshchilov and Hutter 2017). */
  z.strictObject({ kind: z.literal('cosine'), minimumShare: z.number().min(0).lt(1).default(0) }),
  /**
   * Cosine from peak / startDivisor up to the learning rate in the first `warmUpShare` of the steps, then cosine down to
   * start / endDivisor (Smith and Topin 2018; PyTorch's OneCycleLR, momentum left as it is).
   */
  z.strictObject({
    kind: z.literal('one-cycle'),
    warmUpShare: z.number().positive().lt(1).default(0.3),
    startDivisor: z.number().min(1).max(1e6).default(25),
    endDivisor: z.number().min(1).max(1e9).default(1e4),
  }),
  /** Times `factor` when the watched number has not improved for more than `patience` epochs (ReduceLROnPlateau). */
  z.strictObject({
    kind: z.literal('reduce-on-plateau'),
    split: z.enum(['train', 'dev']).default('dev'),
    metric: metricName.default('loss'),
    factor: factor.default(0.1),
    patience: z.int().min(0).max(100_000).default(10),
    /** Improvements smaller than this share of the best value do not count. */
    threshold: z.number().min(0).max(1).default(1e-4),
    minimumLearningRate: z.number().min(0).max(100).default(0),
  }),
]);
export type ScheduleSpec = z.infer<typeof scheduleSpec>;
