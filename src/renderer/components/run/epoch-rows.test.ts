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

  it('leaves out what was measured only once, unless everything was', () => {
    const dev = { split: 'dev', metric: 'loss', epochs: [1, 2], steps: [10, 20], values: [1, 0] } as const;
    const test = { split: 'test', metric: 'loss', epochs: [2], steps: [20], values: [0] } as const;
    const copies = [dev, test].map((s) => ({
      ...s,
      epochs: [...s.epochs],
      steps: [...s.steps],
      values: [...s.values],
    }));
    expect(epochColumns(copies).map((column) => column.split)).toEqual(['dev']);
    expect(epochColumns(copies.slice(1)).map((column) => column.split)).toEqual(['test']);
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
