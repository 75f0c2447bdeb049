import { z } from 'zod';
import { splitName } from './dataset.ts';

/**
 * Names a curve: a metric such as "loss", of a head "digit/accuracy", or what a lab measures. With heads the plain names
 * are the summed loss and the first head's metrics.
 */
export const seriesName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/)
  .max(90);
export type SeriesName = z.infer<typeof seriesName>;

/** One measured number. `value` is null where it was not a finite number. */
export const metricPoint = z.strictObject({
  split: splitName,
  metric: seriesName,
  epoch: z.int().nonnegative(),
  /** Training steps taken when it was measured. */
  step: z.int().nonnegative(),
  value: z.number().nullable(),
});
export type MetricPoint = z.infer<typeof metricPoint>;

/** One curve, as parallel columns. */
export const metricSeries = z.strictObject({
  split: splitName,
  metric: seriesName,
  epochs: z.array(z.int()),
  steps: z.array(z.int()),
  values: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof metricSeries>;
