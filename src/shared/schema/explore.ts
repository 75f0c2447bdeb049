import { z } from 'zod';
import { dataSpec, datasetId, datasetInfo } from './dataset.ts';
import { runSeed } from './run.ts';

const int32Array = z.instanceof(Int32Array<ArrayBuffer>);
const float32Array = z.instanceof(Float32Array<ArrayBuffer>);
const uint8Array = z.instanceof(Uint8Array<ArrayBuffer>);

export const datasetPart = z.enum(['train', 'test']);
export type DatasetPart = z.infer<typeof datasetPart>;

/** The data of an experiment as a seed splits it. */
export const exploredData = z.strictObject({ data: dataSpec, seed: runSeed });
export type ExploredData = z.infer<typeof exploredData>;

/** Codes in `partColumns.split`: of a training part 0 train, 1 dev; 2 test; 3 in none of them (a limit left it out). */
export const SPLIT_CODES = ['train', 'dev', 'test', 'unused'] as const;

/** One part of a dataset without its examples: what filters and counts read. */
export const partColumns = z.strictObject({
  part: datasetPart,
  exampleCount: z.int().nonnegative(),
  /** Per target of the dataset, in its order: labels, or numbers; [exampleCount]. */
  targets: z.array(z.union([int32Array, float32Array])),
  /** Per row a place in SPLIT_CODES. */
  split: uint8Array,
});
export type PartColumns = z.infer<typeof partColumns>;

export const exploredColumns = z.strictObject({
  info: datasetInfo,
  sha256: z.string(),
  /** Train, then test; one part for a dataset that comes as one. */
  parts: z.array(partColumns).min(1),
});
export type ExploredColumns = z.infer<typeof exploredColumns>;

/**
 * Counts between equal steps from minimum to maximum, per split in the order train, dev, test; mean and standard
 * deviation (divided by n) of train.
 */
export const featureHistogram = z.strictObject({
  name: z.string(),
  minimum: z.number(),
  maximum: z.number(),
  counts: z.array(int32Array),
  mean: z.number(),
  standardDeviation: z.number(),
});
export type FeatureHistogram = z.infer<typeof featureHistogram>;

export const datasetStatistics = z.strictObject({
  /** Examples of each class, per split in the order train, dev, test; empty for a regression. */
  classCounts: z.array(int32Array),
  /** Per feature of a table; for images one over all pixels of each channel; every numeric target last. */
  features: z.array(featureHistogram),
  /**
   * Pearson's r of features and target, [n, n] flat in the order of `features`, over train; NaN for one that does not
   * vary. Null for images, and where there are more than 400.
   */
  correlation: float32Array.nullable(),
  /**
   * Mean and standard deviation of each class's training images, [classes, ...featureShape], zeros for a class without
   * any; null for no images, no classes, and over 2,097,152 numbers.
   */
  classImages: z.strictObject({ mean: float32Array, standardDeviation: float32Array }).nullable(),
});
export type DatasetStatistics = z.infer<typeof datasetStatistics>;

export const projectionMethod = z.enum(['pca', 'umap']);
export type ProjectionMethod = z.infer<typeof projectionMethod>;

/** Examples in two dimensions. Parallel arrays. */
export const projection = z.strictObject({
  method: projectionMethod,
  /** 0 for a row of the training part, 1 for one of the test part. */
  part: uint8Array,
  rows: int32Array,
  x: float32Array,
  y: float32Array,
  /** Share of the variance along x and along y; null where the method has none. */
  explained: z.tuple([z.number(), z.number()]).nullable(),
});
export type Projection = z.infer<typeof projection>;

/** Two examples that are alike. */
export const duplicatePair = z.strictObject({
  train: z.int().nonnegative(),
  test: z.int().nonnegative(),
  /** Root mean squared difference of the features, as a share of their range; 0 for equal ones. */
  distance: z.number().nonnegative(),
  /** Have they the same target? Numbers have it that differ by the threshold's share of their range at most. */
  agree: z.boolean(),
});

export const duplicates = z.strictObject({
  /** The nearest training example of each test example that has one within the threshold; nearest first, 20,000 at most. */
  pairs: z.array(duplicatePair),
  threshold: z.number(),
  comparedTrain: z.int(),
  comparedTest: z.int(),
});
export type Duplicates = z.infer<typeof duplicates>;

/** What the user noted about an example; kept with the dataset. */
export const exampleNote = z.strictObject({
  part: datasetPart,
  row: z.int().nonnegative(),
  kind: z.enum(['label', 'outlier', 'other']),
  text: z.string().max(2_000),
});
export type ExampleNote = z.infer<typeof exampleNote>;

export const datasetNotes = z.strictObject({ dataset: datasetId, notes: z.array(exampleNote) });
export type DatasetNotes = z.infer<typeof datasetNotes>;

/** How far a long task is. */
export const taskProgress = z.strictObject({
  /** The name its caller chose. */
  task: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  secondsLeft: z.number().nullable(),
});
export type TaskProgress = z.infer<typeof taskProgress>;
