import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/main/data/index.ts';
import type { Engine } from '../../src/main/engine/engine.ts';
import {
  memberBatch,
  type MemberOutcome,
  type SearcherEvent,
} from '../../src/main/training/population/member-jobs.ts';
import { trainMembers } from '../../src/main/training/population/train-members.ts';
import { UnwantedNets } from '../../src/main/training/population/unwanted-nets.ts';
import { openTestEngine } from './engines.ts';

const EPOCHS = 20;
/** Stops early, so that it trains by itself. */
const LONE = {
  schemaVersion: 1,
  name: 'lone',
  data: {
    dataset: 'noisy-1d',
    generator: { trainExamples: 100, testExamples: 20, noise: 0.3, seed: 1 },
    split: { devFraction: 0.2 },
  },
  model: {
    layers: [
      { kind: 'dense', units: 4, activation: 'relu' },
      { kind: 'dense', units: 1 },
    ],
  },
  training: {
    loss: 'mean-squared-error',
    batchSize: 16,
    epochs: EPOCHS,
    earlyStopping: { split: 'dev', metric: 'loss', patience: 100 },
  },
  evaluation: { metrics: ['root-mean-squared-error'] },
};

let engine: Engine;
let scratch = '';
beforeAll(async () => {
  engine = await openTestEngine('tensorflow');
  scratch = mkdtempSync(join(tmpdir(), 'members-test-'));
});
afterAll(() => {
  engine.dispose();
  rmSync(scratch, { recursive: true });
});

/** What came of lone nets, of which `unwanted` need not go on; `hear` is told of every event. */
async function outcomes(
  keys: readonly string[],
  unwanted: UnwantedNets,
  hear: (event: SearcherEvent) => void = () => undefined,
): Promise<MemberOutcome[]> {
  const batch = memberBatch.parse({
    members: keys.map((key) => ({ key, experiment: LONE, seed: 1 })),
    objectives: [{}],
    measureEvery: 1,
    engine: { choice: 'tensorflow', threads: 1, device: 'cpu' },
    cacheDirectory: '',
    datasetDirectory: '',
    scratchDirectory: scratch,
  });
  const ended: MemberOutcome[] = [];
  await trainMembers({
    batch,
    engine,
    load: ({ experiment }) => loadDataset(experiment.data, ''),
    emit: (event) => {
      hear(event);
      if (event.kind === 'ended') ended.push(...event.outcomes);
    },
    unwanted,
  });
  return ended;
}

describe('nets that train by themselves', () => {
  it('end before their first epoch where they are not wanted, and no other does', async () => {
    const unwanted = new UnwantedNets();
    unwanted.add(['bad']);
    const ended = await outcomes(['bad', 'good'], unwanted);
    expect(ended.map(({ key, state, epochs }) => [key, state, epochs])).toEqual([
      ['bad', 'pruned', 0],
      ['good', 'finished', EPOCHS],
    ]);
  });

  it('end when a measure makes them unwanted', async () => {
    const unwanted = new UnwantedNets();
    const [ended] = await outcomes(['bad'], unwanted, (event) => {
      if (event.kind === 'measured' && event.measures[0]!.epoch === 2) unwanted.add(['bad']);
    });
    expect(ended!.state).toBe('pruned');
    // An epoch is told while the next one, here of five steps, is trained.
    expect(ended!.epochs).toBeGreaterThanOrEqual(2);
    expect(ended!.epochs).toBeLessThanOrEqual(3);
  });
});
