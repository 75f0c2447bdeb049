import { searchSpec } from '../../shared/schema/search.ts';
import type { FoldResult } from '../../shared/schema/study.ts';
import { sampleExperiment } from './store-test-kit.ts';
import type { NewStudy } from './study-store.ts';

/** A small valid study: four trials of two folds each. */
export function newStudy(id: string, change: Partial<NewStudy> = {}): NewStudy {
  const search = searchSpec.parse({
    parameters: [
      {
        kind: 'uniform',
        name: 'rate',
        paths: ['training.optimizer.learningRate'],
        minimum: 0.001,
        maximum: 1,
      },
    ],
    sampler: { kind: 'random', trials: 4 },
    folds: 2,
  });
  return {
    id,
    experiment: sampleExperiment({ search }),
    experimentId: 'circles',
    seed: 3,
    trialsPlanned: 4,
    netsPerTrial: 2,
    ownerPid: process.pid,
    ...change,
  };
}

/** A finished net of a fold with one value; `change` overrides its fields. */
export function foldOf(fold: number, value: number | null, change: Partial<FoldResult> = {}): FoldResult {
  return {
    fold,
    repeat: 0,
    seed: 3,
    state: 'finished',
    epochs: 10,
    values: [value],
    curve: [
      [5, 1],
      [10, value],
    ],
    durationMs: 12,
    failure: null,
    ...change,
  };
}
