import { z } from 'zod';

/** One step of preparation; fitted on the training part only, applied to every part. */
export const preprocessingStep = z.discriminatedUnion('kind', [
  /** Divides 8-bit values by 255, so that they lie in [0, 1]. */
  z.strictObject({ kind: z.literal('unit-scale') }),
  /** Subtracts the mean and divides by the standard deviation, per feature or per channel. */
  z.strictObject({
    kind: z.literal('standardise'),
    per: z.enum(['feature', 'channel']).default('feature'),
  }),
]);
export type PreprocessingStep = z.infer<typeof preprocessingStep>;

export const preprocessingSpec = z.array(preprocessingStep).max(8).default([]);
export type PreprocessingSpec = z.infer<typeof preprocessingSpec>;
