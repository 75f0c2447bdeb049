import { z } from 'zod';

/** What is measured while a net trains; errors in the target's original unit. */
export const metricName = z.enum([
  'loss',
  'accuracy',
  'top-5-accuracy',
  'mean-absolute-error',
  'root-mean-squared-error',
]);
export type MetricName = z.infer<typeof metricName>;
