import { z } from 'zod';

/** A support vector classifier (C-SVC, Cortes and Vapnik 1995; one against one for more than two classes). */
export const svmSpec = z.strictObject({
  kernel: z.enum(['linear', 'rbf']),
  /** Cost of a violated margin. */
  C: z.number().positive().max(1e9).default(1),
  /** Width of the RBF kernel exp(-gamma |x - y|^2); "scale" is 1 / (features * variance), as in scikit-learn. */
  gamma: z.union([z.literal('scale'), z.number().positive().max(1e9)]).default('scale'),
  /** Stop when the dual's violation is below it. */
  tolerance: z.number().positive().max(1).default(1e-3),
});
export type SvmSpec = z.infer<typeof svmSpec>;
