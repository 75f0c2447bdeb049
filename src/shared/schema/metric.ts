import { z } from 'zod';
import { splitName } from './dataset.ts';
import { metricName } from './training.ts';

/** One measured number. `value` is null where it was not a finite number. */
export const metricPoint = z.strictObject({
  split: splitName,
  metric: metricName,
  epoch: z.int().nonnegative(),
  /** Training steps taken when it was measured. */
  step: z.int().nonnegative(),
  value: z.number().nullable(),
});
export type MetricPoint = z.infer<typeof metricPoint>;

/** One curve, as parallel columns. */
export const metricSeries = z.strictObject({
  split: splitName,
  metric: metricName,
  epochs: z.array(z.int()),
  steps: z.array(z.int()),
  values: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof metricSeries>;
