import { z } from 'zod';

/** Names a dataset: bundled ("mnist"), made by a generator ("spirals"), of the catalogue, or imported by the user. */
export const datasetId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/);
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

/**
 * One fold of a cross-validation: what the test part leaves is shuffled and cut into `folds` parts (by class, where
 * stratified), of which the one at `index` is dev and the others are train.
 */
export const foldSpec = z
  .strictObject({
    index: z.int().nonnegative(),
    /** As many as there are examples for leave-one-out. */
    folds: z.int().min(2),
    /** Cut anew; 0 for the first time. */
    repeat: z.int().min(0).max(10_000).default(0),
    /** Of the cross-validation, in place of the run's: all of its nets share it, and with it the test part. */
    seed: z.int().min(0).max(0xffff_ffff),
  })
  .refine(({ index, folds }) => index < folds, 'the index counts from 0 to folds - 1');
export type FoldSpec = z.infer<typeof foldSpec>;

/** How the training part is divided. The test part is the one the dataset comes with. */
export const splitSpec = z.strictObject({
  /** Share of the training part set aside as dev, in [0, 1). */
  devFraction: z.number().min(0).lt(1).default(0.1),
  /** Exactly so many examples set aside as dev; null for `devFraction` of them. */
  devExamples: z.int().min(0).nullable().default(null),
  /**
   * Examples drawn as test part by the seed, for a dataset that comes as one part (null: a fifth of them); others keep
   * their own.
   */
  testExamples: z.int().min(1).nullable().default(null),
  /** Keep the class shares in both parts; regression ignores it. */
  stratified: z.boolean().default(true),
  /** Left out for a plain dev part; `devFraction` and `devExamples` then do not count. */
  fold: foldSpec.optional(),
  /** Use only the first n examples of the shuffled training part, or all. */
  trainLimit: z.int().min(1).nullable().default(null),
  /** Use only the first n examples of the test part, or all. */
  testLimit: z.int().min(1).nullable().default(null),
});
export type SplitSpec = z.infer<typeof splitSpec>;

/** How a table becomes examples: columns by name. Rows with a missing value among them are left out. */
export const tableSelection = z.strictObject({
  features: z.array(z.string().min(1)).min(1).max(10_000),
  target: z.string().min(1),
});
export type TableSelection = z.infer<typeof tableSelection>;

export const dataSpec = z.strictObject({
  dataset: datasetId,
  generator: generatorOptions.nullable().default(null),
  /** For datasets that are tables; null for all others. */
  table: tableSelection.nullable().default(null),
  split: splitSpec.prefault({}),
});
export type DataSpec = z.infer<typeof dataSpec>;

export const taskKind = z.enum(['classification', 'regression']);
export type TaskKind = z.infer<typeof taskKind>;

/** What is to be predicted: a class or a number per example. A dataset has one target or more, the first is the main one. */
export const targetInfo = z.strictObject({
  name: z.string(),
  kind: z.enum(['class', 'number']),
  /** Class names in label order; empty for a number. */
  classes: z.array(z.string()),
  /** Such as "USD"; null for none. */
  unit: z.string().nullable(),
});
export type TargetInfo = z.infer<typeof targetInfo>;

/** The type of a table's column; text columns can be shown, not learned from. */
export const columnType = z.enum(['number', 'category', 'text']);
export type ColumnType = z.infer<typeof columnType>;

export const columnInfo = z.strictObject({
  name: z.string(),
  type: columnType,
  missingCount: z.int().nonnegative(),
});
export type ColumnInfo = z.infer<typeof columnInfo>;

/** Where a dataset comes from. */
export const datasetOrigin = z.enum(['bundled', 'generated', 'catalogue', 'imported']);

/** What is known of a dataset before it is loaded. Shapes exclude the example axis. */
export const datasetInfo = z.strictObject({
  id: datasetId,
  name: z.string(),
  task: taskKind,
  /** Shape of one example, e.g. [28, 28, 1] or [2]. */
  featureShape: z.array(z.int().positive()),
  /** Of the main target, in label order; empty for regression. */
  classes: z.array(z.string()),
  /** All targets, the main one first. */
  targets: z.array(targetInfo).min(1),
  /** A name per feature of a row of numbers; empty for images. */
  featureNames: z.array(z.string()),
  /** Columns of a table; null for what is none. */
  columns: z.array(columnInfo).nullable(),
  origin: datasetOrigin,
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
