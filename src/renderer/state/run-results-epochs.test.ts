import { describe, expect, it } from 'vitest';
import { experiment } from '../../shared/schema/experiment.ts';
import type { RunEpoch } from '../../shared/schema/run.ts';
import { endEpoch, epochStops, stopLabel } from './run-results-epochs.ts';
import { sampleEpoch, sampleExperiment } from './testing/samples.ts';

const checkpoint = { kind: 'checkpoint', path: 'x', sha256: '0'.repeat(64), sizeBytes: 1 } as const;
const stored = (epoch: number, best = false): RunEpoch => ({ ...sampleEpoch(epoch, best), checkpoint });
const stops = epochStops([stored(1), stored(2, true), sampleEpoch(3), stored(4)]);

describe('the epochs that can be looked at', () => {
  it('are the one before training and those whose weights are stored', () => {
    expect(stops.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 4]);
    expect(epochStops([]).map(({ epoch }) => epoch)).toEqual([0]);
  });

  it('are named with what is special about them', () => {
    expect(stops.map(stopLabel)).toEqual([
      'epoch 0, before training',
      'epoch 1',
      'epoch 2, best',
      'epoch 4, last',
    ]);
  });
});

describe('the epoch a run ended with', () => {
  const restoring = experiment.parse({
    ...sampleExperiment,
    training: { ...sampleExperiment.training, earlyStopping: { patience: 3 } },
  });

  it('is the last one', () => {
    expect(endEpoch(sampleExperiment, stops, 'finished')).toBe(4);
    expect(endEpoch(sampleExperiment, epochStops([]), 'cancelled')).toBeNull();
  });

  it('is the best one where a finished run put it back', () => {
    expect(endEpoch(restoring, stops, 'finished')).toBe(2);
    expect(endEpoch(restoring, stops, 'cancelled')).toBe(4);
  });
});
