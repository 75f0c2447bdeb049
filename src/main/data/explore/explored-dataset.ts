import type { ExploredData } from '../../../shared/schema/explore.ts';
import type { ExampleSet, LoadedDataset, SplitIndices } from '../loaded-dataset.ts';
import { splitDataset } from '../split.ts';

/** A loaded dataset with the rows of train, dev and test that a seed gives. */
export interface ExploredDataset {
  readonly dataset: LoadedDataset;
  readonly split: SplitIndices;
}

/** Rows of one part of a dataset. */
export interface PartRows {
  readonly set: ExampleSet;
  readonly rows: Int32Array;
}

/** @throws StudioError `invalid-input` where the dataset has too few examples for the split */
export function exploreDataset(
  dataset: LoadedDataset,
  { data, seed }: Pick<ExploredData, 'data' | 'seed'>,
): ExploredDataset {
  return { dataset, split: splitDataset(dataset, data.split, seed) };
}

/** Does it come as one part, of which the test rows are drawn too? */
export function isOnePart({ dataset }: ExploredDataset): boolean {
  return dataset.info.testExamples === 0;
}

/** Train, dev and test, each with the part its rows are of. */
export function splitParts({ dataset, split }: ExploredDataset): [PartRows, PartRows, PartRows] {
  return [
    { set: dataset.train, rows: split.train },
    { set: dataset.train, rows: split.dev },
    { set: dataset.test, rows: split.test },
  ];
}

/** Numbers per example. */
export function widthOf({ info }: LoadedDataset): number {
  return info.featureShape.reduce((product, side) => product * side, 1);
}

/** Are the examples images, [height, width, channels]? */
export function hasImages({ info }: LoadedDataset): boolean {
  return info.featureShape.length === 3;
}
