import { describe, expect, it } from 'vitest';
import { chooseParallelism } from './parallelism.ts';

const convolutions = { batchSize: 64, hasConvolutions: true, separable: true };

describe('the threads of an engine', () => {
  it('each take a part of the batch where convolutions can be separated', () => {
    expect(chooseParallelism(convolutions, 2)).toEqual({
      shards: 2,
      threadsPerOperation: 1,
      operationsAtOnce: 2,
    });
  });

  it('share each part where the parts would become too small', () => {
    expect(chooseParallelism(convolutions, 16)).toEqual({
      shards: 4,
      threadsPerOperation: 4,
      operationsAtOnce: 16,
    });
  });

  it.each([
    ['work not known beforehand', null],
    ['nets without convolutions', { ...convolutions, hasConvolutions: false }],
    ['examples that see each other', { ...convolutions, separable: false }],
    ['batches without equal parts', { ...convolutions, batchSize: 63 }],
    ['parts that would cut a group of random numbers', { ...convolutions, batchSize: 66 }],
    ['batches too small to part', { ...convolutions, batchSize: 16 }],
  ])('share every operation for %s', (_, workload) => {
    expect(chooseParallelism(workload, 2)).toMatchObject({ shards: 1, threadsPerOperation: 2 });
  });
});
