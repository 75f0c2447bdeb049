import type { DatasetInfo, SplitSpec } from '../../shared/schema/dataset.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';

/** Numbers of examples after the split. */
export interface SplitSizes {
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

/** Examples of a dataset before the split; `testExamples` is 0 where it comes as one part. */
export type PartSizes = Pick<DatasetInfo, 'trainExamples' | 'testExamples'>;

/** Examples left to train and dev: all of the training part, less those drawn as test from a dataset of one part. */
function trainingPool(spec: SplitSpec, info: PartSizes): number {
  return info.trainExamples - (info.testExamples === 0 ? (spec.testExamples ?? 0) : 0);
}

/** How many examples each split will have, before anything is loaded. */
export function splitSizes(spec: SplitSpec, info: PartSizes): SplitSizes {
  const available = Math.min(spec.trainLimit ?? Infinity, trainingPool(spec, info));
  const wanted = spec.devExamples ?? Math.round(spec.devFraction * available);
  const dev = Math.max(0, Math.min(wanted, available - 1));
  const ownTest = info.testExamples > 0 ? info.testExamples : (spec.testExamples ?? 0);
  return { train: available - dev, dev, test: Math.min(spec.testLimit ?? Infinity, ownTest) };
}

/** Optimizer steps of one epoch over `trainExamples` examples. */
export function stepsPerEpoch(
  training: Pick<Experiment['training'], 'batchSize' | 'dropLastBatch'>,
  trainExamples: number,
): number {
  const batches = trainExamples / training.batchSize;
  return training.dropLastBatch ? Math.floor(batches) : Math.ceil(batches);
}
