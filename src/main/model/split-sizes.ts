import { StudioError } from '../../shared/ipc/errors.ts';
import type { DatasetInfo, SplitSpec } from '../../shared/schema/dataset.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { splitCounts, type SplitCounts } from '../data/split.ts';

/** Numbers of examples after the split. */
export type SplitSizes = SplitCounts;

/** How many examples each split will have, before anything is loaded; none where the split is at fault. */
export function splitSizes(
  spec: SplitSpec,
  info: Pick<DatasetInfo, 'trainExamples' | 'testExamples'>,
): SplitSizes {
  try {
    return splitCounts(spec, info);
  } catch (error) {
    if (error instanceof StudioError) return { train: 0, dev: 0, test: 0 };
    throw error;
  }
}

/** Optimizer steps of one epoch over `trainExamples` examples. */
export function stepsPerEpoch(
  training: Pick<Experiment['training'], 'batchSize' | 'dropLastBatch'>,
  trainExamples: number,
): number {
  const batches = trainExamples / training.batchSize;
  return training.dropLastBatch ? Math.floor(batches) : Math.ceil(batches);
}
