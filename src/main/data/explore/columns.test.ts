import { describe, expect, it } from 'vitest';
import { exploredColumns } from '../../../shared/schema/explore.ts';
import { classTarget, numberTarget } from '../describe-dataset.ts';
import { exploreColumns } from './columns.ts';
import { explored } from './explore-test-kit.ts';

function labels(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row % 3);
}

const twoParts = {
  featureShape: [1],
  train: { values: new Float32Array(20), targets: [labels(20)] },
  test: { values: new Float32Array(8), targets: [labels(8)] },
};

describe('exploreColumns', () => {
  it('codes every row of both parts by the split it is in, rows that a limit left out too', () => {
    const data = explored(twoParts, { devExamples: 4, trainLimit: 15, testLimit: 5 });
    const columns = exploreColumns(data);
    expect(exploredColumns.parse(columns)).toEqual(columns);
    const [train, test] = columns.parts;
    const rowsWith = (codes: Uint8Array, code: number): number[] =>
      [...codes.keys()].filter((row) => codes[row] === code);
    expect(rowsWith(train!.split, 0)).toEqual([...data.split.train]);
    expect(rowsWith(train!.split, 1)).toEqual([...data.split.dev]);
    expect(rowsWith(train!.split, 3)).toHaveLength(5);
    expect([...test!.split]).toEqual([2, 2, 2, 2, 2, 3, 3, 3]);
  });

  it('has one part of a dataset that comes as one, with its test rows in it', () => {
    const data = explored({ ...twoParts, test: null }, { testExamples: 6, devExamples: 2 });
    const { parts } = exploreColumns(data);
    expect(parts.map(({ part, exampleCount }) => [part, exampleCount])).toEqual([['train', 20]]);
    const counts = [0, 1, 2, 3].map((code) => parts[0]!.split.filter((value) => value === code).length);
    expect(counts).toEqual([12, 2, 6, 0]);
  });

  it('has a column per target, labels as whole numbers and numbers as they are, which are copies', () => {
    const targets = [labels(20), Float32Array.from({ length: 20 }, (_, row) => row / 4)];
    const made = {
      featureShape: [1],
      train: { values: new Float32Array(20), targets },
      test: null,
      targets: [classTarget('kind', ['a', 'b', 'c']), numberTarget('size', 'm')],
    };
    const [part] = exploreColumns(explored(made)).parts;
    expect(part!.targets).toEqual(targets);
    expect(part!.targets[0]!.buffer).not.toBe(targets[0]!.buffer);
  });
});
