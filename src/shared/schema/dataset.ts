import { z } from 'zod';

/** Where the examples come from: a bundled or imported dataset, or a seeded generator. */
export const datasetId = z.enum(['mnist', 'spirals', 'circles', 'noisy-1d']);
export type DatasetId = z.infer<typeof datasetId>;

/** Numbers a generator takes; a bundled dataset takes none. */
export const generatorOptions = z.strictObject({
  /** Examples over all splits the generator makes. */
  trainExamples: z.int().min(2).max(1_000_000),
  testExamples: z.int().min(1).max(1_000_000),
  /** Standard deviation of the Gaussian noise added to the coordinates (or to y in 1-D). */
  noise: z.number().min(0).max(10),
  /** Seed of the generator itself, so that every run of an experiment sees the same points. */
  seed: z.int().min(0).max(0xffff_ffff),
});
export type GeneratorOptions = z.infer<typeof generatorOptions>;

/** How the training part is divided. The test part is the one the dataset comes with. */
export const splitSpec = z.strictObject({
  /** Share of the training part set aside as dev, in [0, 1). */
  devFraction: z.number().min(0).lt(1).default(0.1),
  /** Keep the class shares in both parts; regression ignores it. */
  stratified: z.boolean().default(true),
  /** Use only the first n examples of the shuffled training part, or all. */
  trainLimit: z.int().min(1).nullable().default(null),
  /** Use only the first n examples of the test part, or all. */
  testLimit: z.int().min(1).nullable().default(null),
});
export type SplitSpec = z.infer<typeof splitSpec>;

export const dataSpec = z.strictObject({
  dataset: datasetId,
  generator: generatorOptions.nullable().default(null),
  split: splitSpec.prefault({}),
});
export type DataSpec = z.infer<typeof dataSpec>;

export const taskKind = z.enum(['classification', 'regression']);
export type TaskKind = z.infer<typeof taskKind>;

/** What is known of a dataset before it is loaded. Shapes exclude the example axis. */
export const datasetInfo = z.strictObject({
  id: datasetId,
  name: z.string(),
  task: taskKind,
  /** Shape of one example, e.g. [28, 28, 1] or [2]. */
  featureShape: z.array(z.int().positive()),
  /** Class names in label order; empty for regression. */
  classes: z.array(z.string()),
  trainExamples: z.int().nonnegative(),
  testExamples: z.int().nonnegative(),
  generated: z.boolean(),
  licence: z.string(),
  /** Can it be loaded on this machine right now? */
  available: z.boolean(),
});
export type DatasetInfo = z.infer<typeof datasetInfo>;

export const splitName = z.enum(['train', 'dev', 'test']);
export type SplitName = z.infer<typeof splitName>;
