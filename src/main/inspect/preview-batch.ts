import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { BatchPreview } from '../../shared/schema/results.ts';
import { splitDataset } from '../data/index.ts';
import type { LoadedDataset, SplitIndices } from '../data/loaded-dataset.ts';
import type { EngineOps } from '../engine/engine.ts';
import {
  checkAugmentation,
  checkPreprocessing,
  createAugmentation,
  fitPreprocessing,
  type FittedPreprocessing,
} from '../preprocess/index.ts';
import { epochOrder } from '../training/epoch-order.ts';
import { gatherRows } from './row-batches.ts';

/** What decides a preview; the model has no part in it. */
export type PreviewedExperiment = Pick<Experiment, 'data' | 'preprocessing' | 'augmentation' | 'training'>;

/** The part of a preview that takes time and stays while only the augmentation changes. */
export interface PreviewSource {
  readonly dataset: LoadedDataset;
  readonly seed: number;
  readonly split: SplitIndices;
  readonly preprocessing: FittedPreprocessing;
}

function refuseIfFaulty({ preprocessing, augmentation }: PreviewedExperiment, dataset: LoadedDataset): void {
  const issues = [
    ...checkPreprocessing(preprocessing, dataset.info),
    ...checkAugmentation(augmentation, dataset.info),
  ];
  const [first] = issues;
  if (first === undefined) return;
  throw new StudioError('invalid-input', `preview, ${first.path}: ${first.message}`, {
    path: first.path,
    issues,
  });
}

/**
 * Splits the data and fits the preparation, as a run with this seed does. The dataset's arrays are shared.
 * @throws StudioError `invalid-input` with the path of a fault
 */
export function openPreview(
  experiment: PreviewedExperiment,
  seed: number,
  dataset: LoadedDataset,
): PreviewSource {
  refuseIfFaulty(experiment, dataset);
  const split = splitDataset(dataset, experiment.data.split, seed);
  const preprocessing = fitPreprocessing(experiment.preprocessing, dataset.train, split.train);
  return { dataset, seed, split, preprocessing };
}

/** The prepared batch before augmentation; the caller's. */
async function prepareRows({ dataset, preprocessing }: PreviewSource, rows: Int32Array): Promise<Tensor> {
  const { features } = dataset.train;
  const raw = gatherRows(features, rows);
  try {
    if (preprocessing.materialise === null) return preprocessing.apply(raw);
    const values = (await raw.data()) as Float32Array | Int32Array;
    const eightBit = features.values instanceof Uint8Array;
    const batch = {
      shape: raw.shape,
      values: eightBit ? Uint8Array.from(values) : Float32Array.from(values),
    };
    const whitened = await preprocessing.materialise(batch);
    return tf.tensor(whitened.values, [...whitened.shape], 'float32');
  } finally {
    raw.dispose();
  }
}

function augmentRows(
  { augmentation: spec }: PreviewedExperiment,
  { seed }: PreviewSource,
  x: Tensor,
  ops: EngineOps,
): Tensor {
  const augmentation = createAugmentation(spec, x.shape.slice(1), seed);
  if (augmentation === null) return tf.clone(x);
  return tf.tidy(() => augmentation.apply(x, { ops, step: tf.scalar(0, 'int32') }).x);
}

function extremes(values: Float32Array): { readonly minimum: number; readonly maximum: number } {
  const minimum = values.reduce((least, value) => Math.min(least, value), Infinity);
  return { minimum, maximum: values.reduce((most, value) => Math.max(most, value), -Infinity) };
}

/**
 * The first examples of the batch that a run's first training step is fed, prepared and augmented: the same rows, the
 * same numbers. Needs the running engine whose `ops` are given. An example's label is its own, also where its image was
 * mixed with another one's.
 * @param source of {@link openPreview} for this experiment's data and preparation
 * @param examples at most so many; a batch may have fewer
 * @throws StudioError `invalid-input` with the path of a fault
 */
export async function previewBatch(
  experiment: PreviewedExperiment,
  source: PreviewSource,
  examples: number,
  ops: EngineOps,
): Promise<BatchPreview> {
  const { dataset, seed, split } = source;
  refuseIfFaulty(experiment, dataset);
  const batch = epochOrder(split.train, seed, 1).slice(0, experiment.training.batchSize);
  const prepared = await prepareRows(source, batch);
  const augmented = augmentRows(experiment, source, prepared, ops);
  prepared.dispose();
  const rows = batch.slice(0, examples);
  const shape = augmented.shape.slice(1);
  const all = await augmented.data<'float32'>();
  augmented.dispose();
  const values = Float32Array.from(all.subarray(0, (all.length / batch.length) * rows.length));
  const targets = dataset.train.targets[0];
  return {
    shape,
    values,
    rows,
    ...extremes(values),
    classes: dataset.info.classes,
    labels: targets instanceof Int32Array ? Int32Array.from(rows, (row) => targets[row]!) : null,
  };
}
