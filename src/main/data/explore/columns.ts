import { SPLIT_CODES, type ExploredColumns, type PartColumns } from '../../../shared/schema/explore.ts';
import type { ExampleSet, TargetValues } from '../loaded-dataset.ts';
import { isOnePart, type ExploredDataset } from './explored-dataset.ts';

type Split = (typeof SPLIT_CODES)[number];

function copyTarget(values: TargetValues): PartColumns['targets'][number] {
  return values instanceof Int32Array ? new Int32Array(values) : new Float32Array(values);
}

function codeRows(
  exampleCount: number,
  lists: readonly (readonly [Split, Int32Array])[],
): PartColumns['split'] {
  const codes = new Uint8Array(exampleCount).fill(SPLIT_CODES.indexOf('unused'));
  for (const [split, rows] of lists) {
    const code = SPLIT_CODES.indexOf(split);
    for (const row of rows) codes[row] = code;
  }
  return codes;
}

function describePart(
  part: PartColumns['part'],
  set: ExampleSet,
  lists: readonly (readonly [Split, Int32Array])[],
): PartColumns {
  return {
    part,
    exampleCount: set.exampleCount,
    targets: set.targets.map(copyTarget),
    split: codeRows(set.exampleCount, lists),
  };
}

/** A dataset as filters and counts need it. The arrays are the caller's own. */
export function exploreColumns(explored: ExploredDataset): ExploredColumns {
  const { dataset, split } = explored;
  const { info, sha256, train, test } = dataset;
  const trainLists = [
    ['train', split.train],
    ['dev', split.dev],
  ] as const;
  const testLists = [['test', split.test]] as const;
  const parts = isOnePart(explored)
    ? [describePart('train', train, [...trainLists, ...testLists])]
    : [describePart('train', train, trainLists), describePart('test', test, testLists)];
  return { info, sha256, parts };
}
