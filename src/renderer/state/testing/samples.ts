import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import { experiment, type Experiment } from '../../../shared/schema/experiment.ts';
import type { ModelSummary } from '../../../shared/schema/model.ts';
import type { RunDetail, RunEpoch, RunSummary } from '../../../shared/schema/run.ts';

/** A small valid experiment with every default written out. */
export const sampleExperiment: Experiment = experiment.parse({
  schemaVersion: 1,
  name: 'Sample',
  data: { dataset: 'mnist' },
  model: {
    layers: [
      { kind: 'dense', units: 8 },
      { kind: 'dense', units: 10 },
    ],
  },
  training: {
    loss: 'sparse-softmax-cross-entropy',
    optimizer: { kind: 'adam', learningRate: 1e-3 },
    batchSize: 8,
    epochs: 5,
  },
});

export const sampleModel: ModelSummary = {
  inputShape: [2],
  layers: [],
  parameterCount: 0,
  trainableCount: 0,
  forwardFlops: 0,
};

export const sampleDataset: DatasetInfo = {
  id: 'mnist',
  name: 'MNIST',
  task: 'classification',
  featureShape: [28, 28, 1],
  classes: [],
  targets: [{ name: 'digit', kind: 'class', classes: [], unit: null }],
  featureNames: [],
  columns: null,
  origin: 'bundled',
  trainExamples: 0,
  testExamples: 0,
  generated: false,
  licence: '',
  available: true,
};

/** A run's row with whatever a test wants to be different. */
export function sampleRun(change: Partial<RunSummary> = {}): RunSummary {
  return {
    id: 'run0000001',
    name: 'Sample',
    dataset: 'mnist',
    group: 'Mine',
    experimentSha256: '0'.repeat(64),
    experimentId: null,
    variant: null,
    seed: 1,
    state: 'running',
    epochsDone: 0,
    epochsPlanned: 5,
    headline: {
      epoch: 0,
      trainLoss: null,
      devLoss: null,
      testLoss: null,
      trainAccuracy: null,
      devAccuracy: null,
      testAccuracy: null,
      trainError: null,
      devError: null,
      testError: null,
    },
    sparkline: [],
    engineKind: null,
    durationMs: 0,
    examplesPerSecond: null,
    createdAt: '2026-11-21T09:00:00.000Z',
    finishedAt: null,
    tags: [],
    notes: '',
    failure: null,
    deletedAt: null,
    ...change,
  };
}

export function sampleEpoch(epoch: number, best = false): RunEpoch {
  return { epoch, step: epoch * 10, durationMs: 5, examplesPerSecond: 100, checkpoint: null, best };
}

/** A stored run with so many epochs of train loss 1 / epoch. */
export function sampleDetail(summary: RunSummary, epochs: number): RunDetail {
  const numbers = Array.from({ length: epochs }, (_, i) => i + 1);
  return {
    summary,
    experiment: sampleExperiment,
    model: sampleModel,
    provenance: null,
    preprocessing: null,
    series:
      epochs === 0
        ? []
        : [
            {
              split: 'train',
              metric: 'loss',
              epochs: numbers,
              steps: numbers.map((n) => n * 10),
              values: numbers.map((n) => 1 / n),
            },
          ],
    epochs: numbers.map((n) => sampleEpoch(n, true)),
    log: [],
  };
}
