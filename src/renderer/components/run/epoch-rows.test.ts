import { describe, expect, it } from 'vitest';
import type { RunEpoch } from '../../../shared/schema/run.ts';
import { epochColumns, listedEpochs } from './epoch-rows.ts';

function epoch(number: number, best = false): RunEpoch {
  return { epoch: number, step: number * 10, durationMs: 1, examplesPerSecond: 1, checkpoint: null, best };
}

describe('the epoch table', () => {
  it('lists the newest first', () => {
    expect(listedEpochs([epoch(1), epoch(2), epoch(3)], 10).map((e) => e.epoch)).toEqual([3, 2, 1]);
  });

  it('keeps the best epoch in a cut list', () => {
    const epochs = [epoch(1, true), epoch(2), epoch(3), epoch(4)];
    expect(listedEpochs(epochs, 2).map((e) => e.epoch)).toEqual([4, 1]);
  });

  it('finds values by epoch where a split is measured more rarely', () => {
    const [column] = epochColumns([
      { split: 'dev', metric: 'loss', epochs: [2, 4], steps: [20, 40], values: [0.5, null] },
    ]);
    expect(column!.values.get(2)).toBe(0.5);
    expect(column!.values.get(3)).toBeUndefined();
    expect(column!.values.get(4)).toBeNull();
  });
});
