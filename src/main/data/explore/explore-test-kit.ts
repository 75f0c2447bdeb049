import {
  dataSpec,
  type DatasetInfo,
  type SplitSpec,
  type TargetInfo,
} from '../../../shared/schema/dataset.ts';
import { classTarget, describeDataset } from '../describe-dataset.ts';
import { fingerprintExamples } from '../fingerprint.ts';
import type { ExampleSet, LoadedDataset, TargetValues } from '../loaded-dataset.ts';
import { exploreDataset, type ExploredDataset } from './explored-dataset.ts';

/** Examples of a test dataset, [rows, ...featureShape] flat, and a value of each target per row. */
export interface TestPart {
  readonly values: Uint8Array | Float32Array;
  readonly targets: readonly TargetValues[];
}

export interface TestDataset {
  readonly featureShape: readonly number[];
  readonly train: TestPart;
  /** Null for a dataset that comes as one part. */
  readonly test: TestPart | null;
  readonly featureNames?: readonly string[];
  /** One target of ten classes unless told. */
  readonly targets?: readonly TargetInfo[];
}

const tenClasses = classTarget('class', ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);

function toSet({ values, targets }: TestPart, featureShape: readonly number[]): ExampleSet {
  const exampleCount = targets[0]!.length;
  return { features: { shape: [exampleCount, ...featureShape], values }, targets, exampleCount };
}

function infoOf({ featureShape, featureNames, targets, train, test }: TestDataset): DatasetInfo {
  return describeDataset({
    id: 'made-for-a-test',
    name: 'Made for a test',
    featureShape: [...featureShape],
    targets: [...(targets ?? [tenClasses])],
    featureNames: [...(featureNames ?? [])],
    columns: null,
    origin: 'imported',
    trainExamples: train.targets[0]!.length,
    testExamples: test?.targets[0]!.length ?? 0,
    licence: 'none',
    available: true,
  });
}

/** A dataset in memory as loading one gives it. */
export function madeDataset(made: TestDataset): LoadedDataset {
  const train = toSet(made.train, made.featureShape);
  const test = made.test === null ? train : toSet(made.test, made.featureShape);
  return { info: infoOf(made), train, test, sha256: fingerprintExamples([train, test]) };
}

/** A made dataset under a split; without dev rows unless told. */
export function explored(made: TestDataset, split: Partial<SplitSpec> = {}, seed = 1): ExploredDataset {
  const data = dataSpec.parse({ dataset: 'mnist', split: { devFraction: 0, ...split } });
  return exploreDataset(madeDataset(made), { data, seed });
}

/** For calls whose progress a test does not follow. */
export const unwatched = (): void => undefined;
