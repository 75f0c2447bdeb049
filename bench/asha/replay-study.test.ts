import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/main/data/index.ts';
import { createSampler } from '../../src/main/search/samplers/index.ts';
import { openStore, type OpenStore } from '../../src/main/store/open-store.ts';
import { experiment as experimentSchema } from '../../src/shared/schema/experiment.ts';
import { prunerSpec } from '../../src/shared/schema/search.ts';
import type { FoldResult } from '../../src/shared/schema/study.ts';
import { replayStudy, type ReplayOptions } from './replay-study.ts';

const TRIALS = 40;
const EPOCHS = 32;
const SEED = 3;
const ID = 'swhole0000000003';
const dense = (units: number) => ({ kind: 'dense', units });
const experiment = experimentSchema.parse({
  schemaVersion: 1,
  name: 'Replayed',
  data: { dataset: 'noisy-1d', generator: { trainExamples: 20, testExamples: 5, noise: 0.3, seed: 1 } },
  model: { layers: [dense(4), dense(1)] },
  training: { loss: 'mean-squared-error', batchSize: 5, epochs: EPOCHS },
  evaluation: { metrics: [] },
  search: {
    parameters: [
      { kind: 'uniform', name: 'rate', paths: ['training.optimizer.learningRate'], minimum: 0.1, maximum: 1 },
    ],
    sampler: { kind: 'random', trials: TRIALS },
    folds: 2,
  },
});

/** A net whose loss falls to what its trial is worth; trial 17 is the best, and the worst one in its first epochs. */
function netOf(trial: number, fold: number, every: number): FoldResult {
  const worth = trial === 17 ? 0 : 1 + ((trial * 7) % TRIALS);
  const valueAt = (epoch: number): number => worth + fold + (trial === 17 && epoch <= 4 ? 1_000 : 1) / epoch;
  const curve = Array.from({ length: EPOCHS / every }, (_, at): [number, number] => {
    const epoch = (at + 1) * every;
    return [epoch, valueAt(epoch)];
  });
  const rest = { repeat: 0, seed: SEED, state: 'finished' as const, durationMs: 1, failure: null };
  return { fold, epochs: EPOCHS, values: [valueAt(EPOCHS)], curve, ...rest };
}

let folder = '';
let store: OpenStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'epoch-studio-replay-test-'));
  store = openStore(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function wholeStudy(every: number): Promise<ReplayOptions> {
  const { studies } = store;
  const plan = { experimentId: null, seed: SEED, trialsPlanned: TRIALS, netsPerTrial: 2 };
  studies.createStudy({ id: ID, experiment, ...plan, ownerPid: process.pid });
  const sampler = createSampler(experiment.search!, SEED);
  const numbers = [...Array(TRIALS).keys()];
  studies.addTrials(
    ID,
    numbers.map((number) => ({ number, point: sampler.draw(number, []) })),
  );
  const nets = numbers.flatMap((trial) =>
    [0, 1].map((fold) => ({ trial, result: netOf(trial, fold, every) })),
  );
  studies.addFolds(ID, nets);
  const dataset = await loadDataset(experiment.data, folder);
  return { store, studyId: ID, dataset, available: 20, workers: 2 };
}

const halving = (minimumEpochs: number) =>
  prunerSpec.parse({ kind: 'asha', minimumEpochs, reductionFactor: 2 });

describe('the replay of a study', () => {
  it('comes to the same trials, values and epochs where nothing is pruned', async () => {
    const options = await wholeStudy(1);
    // The median of as many trials as there never are: nothing is dropped.
    const never = prunerSpec.parse({ kind: 'median', startupTrials: 10_000 });
    const { summary, trials } = replayStudy(options, never);
    const whole = store.studies.getSummary(ID);
    expect(summary).toMatchObject({
      epochsDone: whole.epochsDone,
      bestTrial: 17,
      bestValue: whole.bestValue,
      trialsDone: TRIALS,
    });
    const known = store.studies.trials(ID, 0, TRIALS);
    expect(trials.map(({ point, values }) => ({ point, values }))).toEqual(
      known.map(({ point, values }) => ({ point, values })),
    );
  });

  it('counts the epochs until the nets that are dropped hear of it, and finds who wins then', async () => {
    const options = await wholeStudy(1);
    const early = replayStudy(options, halving(2)).summary;
    // The winner was dropped at epoch 2, where it was the worst.
    expect(early.bestTrial).not.toBe(17);
    expect(early.trialsPruned).toBeGreaterThan(TRIALS / 2);
    const late = replayStudy(options, halving(8)).summary;
    expect(late.bestTrial).toBe(17);
    // Rungs after 8 and 16 epochs: every net has 8, and one that is dropped there hears of it after the next.
    expect(late.epochsDone).toBeGreaterThan(TRIALS * 2 * 9);
    expect(early.epochsDone).toBeLessThan(late.epochsDone);
    expect(late.epochsDone).toBeLessThan((TRIALS * 2 * EPOCHS) / 1.5);
    for (const { epochs, state } of replayStudy(options, halving(8)).trials) {
      if (state === 'pruned') expect([2 * 9, 2 * 17, 9 + 17, 9 + 1, 17 + 1]).toContain(epochs);
      else expect(epochs).toBe(2 * EPOCHS);
    }
  });

  it('does not guess what was never measured', async () => {
    const options = await wholeStudy(16);
    expect(() => replayStudy(options, halving(8))).toThrow(/nothing was measured after epoch 1 of 32/);
  });
});
