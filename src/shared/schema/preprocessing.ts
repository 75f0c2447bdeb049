import { z } from 'zod';

const per = z.enum(['feature', 'channel']).default('feature');

/** One step of preparation; fitted on the training part only (of each fold), applied to every part. */
export const preprocessingStep = z.discriminatedUnion('kind', [
  /** Divides 8-bit values by 255, so that they lie in [0, 1]. */
  z.strictObject({ kind: z.literal('unit-scale') }),
  /** Subtracts the mean and divides by the standard deviation, per feature or per channel. */
  z.strictObject({ kind: z.literal('standardise'), per }),
  /** Maps the smallest training value to 0 and the largest to 1, per feature or per channel. */
  z.strictObject({ kind: z.literal('min-max'), per }),
  /**
   * Rotates, scales and rotates back, so that features are uncorrelated with variance one and stay as near to the
   * original as that allows (zero-phase component analysis, Bell and Sejnowski 1997). `epsilon` is added to each
   * eigenvalue of the covariance.
   */
  z.strictObject({ kind: z.literal('zca-whitening'), epsilon: z.number().positive().max(10).default(0.1) }),
  /** The target's natural logarithm, for positive targets; reports stay in the original unit. */
  z.strictObject({ kind: z.literal('log-target') }),
  /** The target minus its mean, divided by its standard deviation; reports stay in the original unit. */
  z.strictObject({ kind: z.literal('standardise-target') }),
]);
export type PreprocessingStep = z.infer<typeof preprocessingStep>;

export const preprocessingSpec = z.array(preprocessingStep).max(8).default([]);
export type PreprocessingSpec = z.infer<typeof preprocessingSpec>;
