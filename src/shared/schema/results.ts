import { z } from 'zod';
import { splitName } from './dataset.ts';
import { runId } from './run.ts';

const int32Array = z.instanceof(Int32Array<ArrayBuffer>);
const float32Array = z.instanceof(Float32Array<ArrayBuffer>);

/** How one class fared. Ratios are null where nothing was there to divide by. */
export const classScore = z.strictObject({
  name: z.string(),
  /** Examples of the class. */
  support: z.int().nonnegative(),
  /** Share of its examples that were named right; also called per-class accuracy. */
  recall: z.number().nullable(),
  /** Share right among the examples it was named for. */
  precision: z.number().nullable(),
  f1: z.number().nullable(),
});
export type ClassScore = z.infer<typeof classScore>;

/** Examples whose confidence lies in [lower, upper). Means are null for an empty bin. */
export const calibrationBin = z.strictObject({
  lower: z.number(),
  upper: z.number(),
  count: z.int().nonnegative(),
  meanConfidence: z.number().nullable(),
  accuracy: z.number().nullable(),
});

/** Predictions of a classifier on one split, and what they come to. Parallel arrays follow `rows`. */
export const classificationResult = z.strictObject({
  kind: z.literal('classification'),
  classes: z.array(z.string()),
  /** Rows of the dataset's part that holds the split (train and dev: the training part). */
  rows: int32Array,
  actual: int32Array,
  predicted: int32Array,
  /** Probability of the predicted class. */
  confidence: float32Array,
  /** -log probability of the right class, per example; null where the model gives no probabilities. */
  exampleLoss: float32Array.nullable(),
  /** Counts, [actual, predicted] flat. */
  confusion: int32Array,
  perClass: z.array(classScore),
  accuracy: z.number(),
  macroF1: z.number().nullable(),
  topK: z.array(z.strictObject({ k: z.int().positive(), accuracy: z.number() })),
  /** Mean of -log probability of the right class; null where the model gives no probabilities. */
  negativeLogLikelihood: z.number().nullable(),
  /** Expected calibration error over `calibration` (Guo et al. 2017); null as above. */
  calibrationError: z.number().nullable(),
  calibration: z.array(calibrationBin),
});
export type ClassificationResult = z.infer<typeof classificationResult>;

/** Predictions of a regression on one split, in the target's original unit. */
export const regressionResult = z.strictObject({
  kind: z.literal('regression'),
  unit: z.string().nullable(),
  rows: int32Array,
  actual: float32Array,
  predicted: float32Array,
  /** Predicted standard deviation, for models that give one. */
  sigma: float32Array.nullable(),
  rootMeanSquaredError: z.number(),
  meanAbsoluteError: z.number(),
  /** 1 - residual / total sum of squares; null where all targets are equal. */
  r2: z.number().nullable(),
  negativeLogLikelihood: z.number().nullable(),
});
export type RegressionResult = z.infer<typeof regressionResult>;

/** One head's results; a model without heads has one, named after the target. */
export const headResult = z.strictObject({
  name: z.string(),
  result: z.discriminatedUnion('kind', [classificationResult, regressionResult]),
});
export type HeadResult = z.infer<typeof headResult>;

/** What a stored net says about a split after an epoch. Epoch 0 is the net before training. */
export const runResults = z.strictObject({
  runId,
  epoch: z.int().nonnegative(),
  split: splitName,
  heads: z.array(headResult).min(1),
});
export type RunResults = z.infer<typeof runResults>;

/** A two-feature model's answers over a rectangle, for its decision boundary. */
export const planeField = z.strictObject({
  kind: z.literal('plane'),
  x: z.strictObject({ name: z.string(), minimum: z.number(), maximum: z.number() }),
  y: z.strictObject({ name: z.string(), minimum: z.number(), maximum: z.number() }),
  /** Points along each side. */
  side: z.int().positive(),
  /** Probability per class (classification) or the prediction (one channel), [side (y), side (x), channels] flat. */
  values: float32Array,
  channels: z.int().positive(),
});

/** A one-feature model's answers along a line, for its fitted curve. */
export const lineField = z.strictObject({
  kind: z.literal('line'),
  x: float32Array,
  predicted: float32Array,
  sigma: float32Array.nullable(),
});

export const modelField = z.discriminatedUnion('kind', [planeField, lineField]);
export type ModelField = z.infer<typeof modelField>;

/** Counts of numbers between equal steps from minimum to maximum. */
export const histogram = z.strictObject({
  minimum: z.number(),
  maximum: z.number(),
  counts: z.array(z.int().nonnegative()),
  mean: z.number(),
  standardDeviation: z.number(),
  /** Numbers that are not finite, in no bin. */
  notFinite: z.int().nonnegative(),
});
export type Histogram = z.infer<typeof histogram>;

/** Histograms of a layer's parameters and of its outputs on up to 512 examples of a split. */
export const layerHistograms = z.strictObject({
  layer: z.string(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      histogram,
      /** Of the loss over the same examples, before clipping and decay. */
      gradient: histogram,
    }),
  ),
  activations: histogram,
  /**
   * Share of outputs at an end of a bounded activation's range (sigmoid, tanh, relu6), nearer than 1 % of it; null for
   * others.
   */
  saturatedShare: z.number().nullable(),
  /** Units whose output is 0 (or below 1e-6 in size) on every one of these examples. */
  deadUnits: z.int().nonnegative(),
  units: z.int().positive(),
});
export type LayerHistograms = z.infer<typeof layerHistograms>;

/** Examples as they are shown: images 8-bit, rows of numbers as they are. */
export const examplePage = z.strictObject({
  /** Of one example. */
  shape: z.array(z.int().positive()),
  rows: int32Array,
  /** uint8 [rows, height, width, channels] for images; float32 [rows, features] otherwise. */
  values: z.union([z.instanceof(Uint8Array<ArrayBuffer>), float32Array]),
  /** Per target of the dataset, in its order: labels, or numbers. */
  targets: z.array(z.union([int32Array, float32Array])),
});
export type ExamplePage = z.infer<typeof examplePage>;

/** Prepared and augmented inputs, exactly the tensors that training feeds. */
export const batchPreview = z.strictObject({
  shape: z.array(z.int().positive()),
  /** float32 [examples, ...shape]. */
  values: float32Array,
  rows: int32Array,
  /** Smallest and largest value of all, for showing them as grey or colour. */
  minimum: z.number(),
  maximum: z.number(),
  classes: z.array(z.string()),
  labels: int32Array.nullable(),
});
export type BatchPreview = z.infer<typeof batchPreview>;

/** A metric over the runs of one variant. */
export const variantMetric = z.strictObject({
  split: splitName,
  metric: z.string(),
  /** One per finished run, in the order of `runIds`. */
  values: z.array(z.number().nullable()),
  mean: z.number().nullable(),
  /** Sample standard deviation (n - 1); null below two values. */
  standardDeviation: z.number().nullable(),
  count: z.int().nonnegative(),
});
export type VariantMetric = z.infer<typeof variantMetric>;

/** The finished runs of one variant of an experiment, grouped over seeds. */
export const variantResults = z.strictObject({
  /** Null for the experiment as it is. */
  variant: z.string().nullable(),
  name: z.string(),
  runIds: z.array(runId),
  seeds: z.array(z.int()),
  durationMs: z.number().nonnegative(),
  /** The last numbers of each run. */
  metrics: z.array(variantMetric),
  /** Those of each run's best epoch on dev; empty without dev. */
  bestDevMetrics: z.array(variantMetric),
});
export type VariantResults = z.infer<typeof variantResults>;
