import { z } from 'zod';

/** A measurement that trains nothing; its numbers are stored with a run like any others. */
export const labSpec = z.discriminatedUnion('kind', [
  /**
   * The product of `count` matrices, entries uniform in [minimum, maximum]: mean and standard deviation of the product
   * after each factor, as metrics `mean` and `standard-deviation` whose step is the number of factors.
   */
  z.strictObject({
    kind: z.literal('chained-products'),
    count: z.int().min(1).max(10_000).default(100),
    size: z.int().min(1).max(1_024),
    minimum: z.number(),
    maximum: z.number(),
  }),
  /**
   * One batch through the experiment's model at its first weights: per layer the spread of activations and of the
   * loss's gradients, as metrics `activation-norm` and `gradient-norm` (root mean squares) whose step is the layer's
   * position from 1.
   */
  z.strictObject({ kind: z.literal('initialisation'), batchSize: z.int().min(1).max(65_536).default(256) }),
]);
export type LabSpec = z.infer<typeof labSpec>;
