import { describe, expect, it } from 'vitest';
import type { RunDetail, RunState } from '../../shared/schema/run.ts';
import { MemoryRunStore } from '../store/memory-run-store.ts';
import { epochRecord, newRun, sampleExperiment } from '../store/store-test-kit.ts';
import { checkpointOfEpoch, finalEpoch } from './result-epoch.ts';

const id = 'run0123456789';
const restoring = sampleExperiment({
  training: {
    ...sampleExperiment().training,
    earlyStopping: { split: 'dev', metric: 'loss', patience: 2, minimumDelta: 0, restoreBest: true },
  },
});

/** A run of so many epochs, of which those named were improvements, in a state. */
function runWith(
  epochs: number,
  best: readonly number[],
  state: RunState,
  experiment = sampleExperiment(),
): { readonly store: MemoryRunStore; readonly detail: RunDetail } {
  const store = new MemoryRunStore();
  store.createRun(newRun(id, { experiment }));
  store.setState(id, 'running');
  for (let epoch = 1; epoch <= epochs; epoch++) {
    store.appendEpoch(id, epochRecord(id, epoch, 1, best.includes(epoch)));
  }
  if (state !== 'running') store.setState(id, state);
  return { store, detail: store.getDetail(id) };
}

describe('the epoch a run ended with', () => {
  it('is the last one', () => {
    expect(finalEpoch(runWith(4, [1, 2], 'finished').detail)).toBe(4);
  });

  it('is the last improvement where early stopping put its weights back', () => {
    expect(finalEpoch(runWith(4, [1, 2], 'finished', restoring).detail)).toBe(2);
  });

  it('is the latest of a run that goes on, or was cut off', () => {
    expect(finalEpoch(runWith(4, [1, 2], 'running', restoring).detail)).toBe(4);
    expect(finalEpoch(runWith(4, [1, 2], 'cancelled', restoring).detail)).toBe(4);
    expect(finalEpoch(runWith(0, [], 'running').detail)).toBe(0);
  });
});

describe('the checkpoint of an epoch', () => {
  it('is none before training', () => {
    expect(checkpointOfEpoch(runWith(1, [1], 'finished').detail, 0)).toBeNull();
  });

  it('is the stored one', () => {
    expect(checkpointOfEpoch(runWith(3, [1], 'finished').detail, 2)?.path).toContain('step-20');
  });

  it('cannot be that of an epoch to come', () => {
    expect(() => checkpointOfEpoch(runWith(3, [1], 'running').detail, 4)).toThrow(
      /has no epoch 4 yet, it has 3/,
    );
  });

  it('is missed where it was not kept, and those kept are named', () => {
    const { store } = runWith(5, [1, 3], 'finished');
    store.releaseCheckpoints(id);
    const detail = store.getDetail(id);
    expect(checkpointOfEpoch(detail, 3)).not.toBeNull();
    expect(() => checkpointOfEpoch(detail, 2)).toThrow(/epoch 2 was not kept, only those of epochs 3, 5/);
  });
});
