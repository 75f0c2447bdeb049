import { z } from 'zod';
import { experimentPath } from './search.ts';

const variantId = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.+-]{0,59}$/);

/** An experiment with a few fields changed: a cure, an ablation, a point of a sweep. */
export const variantSpec = z.strictObject({
  id: variantId,
  name: z.string().min(1).max(120),
  /** New values by path; null removes what may be left out. A value replaces the field whole. */
  set: z.record(experimentPath, z.json()),
});
export type VariantSpec = z.infer<typeof variantSpec>;

/** A number that a report states, to stand beside ours. */
export const publishedResult = z.strictObject({
  /** Such as "test accuracy" or "RMSE of dev". */
  label: z.string().min(1).max(120),
  /** The variant it belongs to; null for the experiment itself, or all. */
  variant: variantId.nullable().default(null),
  split: z.enum(['train', 'dev', 'test']),
  metric: z.string(),
  /** As published, in the metric's own unit (accuracies in [0, 1]); null where the report states only words. */
  value: z.number().nullable(),
  /** What it said in words, or why ours may differ (a slip of the report). */
  note: z.string().max(600).default(''),
});
export type PublishedResult = z.infer<typeof publishedResult>;

/** Where an experiment comes from. */
export const referenceSpec = z.strictObject({
  /** Ids of `experiments.md` that this file covers, e.g. ["C2"]. */
  ids: z.array(z.string().regex(/^[A-K][0-9]?[a-z]?$/)).min(1),
  report: z.int().min(1).max(5),
  published: z.array(publishedResult).default([]),
});
export type ReferenceSpec = z.infer<typeof referenceSpec>;
