import type { DatasetInfo } from '../../shared/schema/dataset.ts';

/** Features of many examples, [examples, ...featureShape] flat. 8-bit images stay 8-bit. */
export interface Features {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float32Array;
}

/** What is to be predicted, for every example: labels as int32, numbers as float32, [examples]. */
export type TargetValues = Int32Array | Float32Array;

/** One part of a dataset: features, and a value of each target per example. */
export interface ExampleSet {
  readonly features: Features;
  /** By target, in the order of `DatasetInfo.targets`; the main one first. */
  readonly targets: readonly TargetValues[];
  readonly exampleCount: number;
}

/** The part to train on and the part to test on, as a dataset comes. */
export interface DatasetParts {
  readonly train: ExampleSet;
  readonly test: ExampleSet;
}

/** A dataset in memory. One that comes as one part has it twice: `train` and `test` are then the same set. */
export interface LoadedDataset extends DatasetParts {
  readonly info: DatasetInfo;
  /** Rows of a table left out because a value among the chosen columns is missing; absent for others. */
  readonly leftOutRows?: number;
  /** sha256 over shapes, features and targets of both parts. */
  readonly sha256: string;
}

/** Row numbers: train and dev into `dataset.train`, test into `dataset.test`. */
export interface SplitIndices {
  readonly train: Int32Array;
  readonly dev: Int32Array;
  readonly test: Int32Array;
  /** sha256 over the three lists. */
  readonly sha256: string;
}
