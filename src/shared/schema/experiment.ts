import { z } from 'zod';
import { augmentationSpec } from './augmentation.ts';
import { dataSpec } from './dataset.ts';
import { labSpec } from './lab.ts';
import { modelSpec } from './model.ts';
import { preprocessingSpec } from './preprocessing.ts';
import { searchSpec } from './search.ts';
import { svmSpec } from './svm.ts';
import { evaluationSpec, trainingSpec } from './training.ts';
import { referenceSpec, variantSpec } from './variant.ts';

/** Everything a run needs but its seed. A file under `resources/experiments` or of the user's own. */
export const experiment = z.strictObject({
  /** Version of this file format. */
  schemaVersion: z.literal(1),
  name: z.string().min(1).max(120),
  description: z.string().max(2_000).default(''),
  /** Group of the gallery, e.g. "First steps" or a report's letter. */
  group: z.string().max(80).default('Mine'),
  data: dataSpec,
  preprocessing: preprocessingSpec,
  augmentation: augmentationSpec,
  model: modelSpec.prefault({ layers: [] }),
  training: trainingSpec.prefault({}),
  evaluation: evaluationSpec.prefault({}),
  /** Fits a support vector machine instead of training a net; `model` and `training` are then not used. */
  svm: svmSpec.nullable().default(null),
  /** Measures instead of training. */
  lab: labSpec.nullable().default(null),
  /** Runs with this many seeds, counted on from the first. */
  repeats: z.int().min(1).max(1_000).default(1),
  variants: z.array(variantSpec).max(1_000).default([]),
  search: searchSpec.nullable().default(null),
  reference: referenceSpec.nullable().default(null),
});
/** A validated experiment with every default written out. */
export type Experiment = z.infer<typeof experiment>;
/** What a file may say: defaults may be left out. */
export type ExperimentInput = z.input<typeof experiment>;

/** A fault in an experiment, at a path such as "training.optimizer.learningRate". */
export const experimentIssue = z.strictObject({
  path: z.string(),
  message: z.string(),
});
export type ExperimentIssue = z.infer<typeof experimentIssue>;
