import { describe, expect, it } from 'vitest';
import type { ExploredColumns } from '../../shared/schema/explore.ts';
import { everyIndex, ExampleSpace, joinColumns } from './explore-space.ts';
import { sampleDataset } from './testing/samples.ts';

function columns(parts: ExploredColumns['parts']): ExploredColumns {
  return { info: sampleDataset, sha256: '', parts };
}

const train: ExploredColumns['parts'][number] = {
  part: 'train',
  exampleCount: 2,
  targets: [Int32Array.of(3, 4), Float32Array.of(0.5, 1)],
  split: Uint8Array.of(0, 1),
};
const test: ExploredColumns['parts'][number] = {
  part: 'test',
  exampleCount: 1,
  targets: [Int32Array.of(9), Float32Array.of(2)],
  split: Uint8Array.of(2),
};

describe('examples numbered through', () => {
  it('are the training rows and then the test rows', () => {
    const space = new ExampleSpace(60_000, 10_000);
    for (const [part, row] of [
      ['train', 0],
      ['train', 59_999],
      ['test', 0],
      ['test', 9_999],
    ] as const) {
      const index = space.indexOf(part, row);
      expect([space.partOf(index), space.rowOf(index)]).toEqual([part, row]);
    }
    expect(space.count).toBe(70_000);
  });

  it('of a dataset that comes as one part have their test rows among the others', () => {
    const space = new ExampleSpace(100, 0);
    expect(space.indexOf('test', 7)).toBe(7);
    expect(space.partOf(7)).toBe('train');
  });

  it('have the columns of both parts as one', () => {
    const joined = joinColumns(columns([train, test]));
    expect([...joined.split]).toEqual([0, 1, 2]);
    expect(joined.targets).toEqual([Int32Array.of(3, 4, 9), Float32Array.of(0.5, 1, 2)]);
    expect(joinColumns(columns([train])).space.count).toBe(2);
    expect([...everyIndex(3)]).toEqual([0, 1, 2]);
  });
});
