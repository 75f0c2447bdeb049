import type { Artifact } from '../../shared/schema/artifact.ts';
import { experiment, type Experiment } from '../../shared/schema/experiment.ts';
import type { MetricPoint } from '../../shared/schema/metric.ts';
import type { ModelSummary } from '../../shared/schema/model.ts';
import { runsQuery, type RunProvenance, type RunsQuery } from '../../shared/schema/run.ts';
import type { EpochRecord, NewRun } from './run-store.ts';

/** A small valid experiment; `change` overrides its fields. */
export function sampleExperiment(change: Partial<Experiment> = {}): Experiment {
  const whole = experiment.parse({
    schemaVersion: 1,
    name: 'Circles',
    group: 'First steps',
    data: { dataset: 'circles' },
    model: { layers: [{ kind: 'dense', units: 2 }] },
    training: {
      loss: 'sparse-softmax-cross-entropy',
      optimizer: { kind: 'sgd', learningRate: 0.1 },
      batchSize: 8,
      epochs: 5,
    },
  });
  return { ...whole, ...change };
}

export const sampleModel: ModelSummary = {
  inputShape: [2],
  layers: [
    {
      index: 0,
      name: 'dense-1',
      kind: 'dense',
      inputs: ['input'],
      outputShape: [2],
      parameterCount: 6,
      receptiveField: null,
      forwardFlops: 8,
    },
  ],
  parameterCount: 6,
  trainableCount: 6,
  forwardFlops: 8,
};

export const sampleProvenance: RunProvenance = {
  dataSha256: 'd'.repeat(64),
  splitSha256: 'e'.repeat(64),
  engine: {
    kind: 'cpu',
    version: '4.22.0',
    device: { name: 'CPU', kind: 'cpu', memoryBytes: null },
    threads: 1,
  },
  executor: 'eager',
  stepsPerCall: 4,
  appVersion: '0.1.0',
};

export function newRun(id: string, change: Partial<NewRun> = {}): NewRun {
  return {
    id,
    experiment: sampleExperiment(),
    experimentSha256: 'a'.repeat(64),
    model: sampleModel,
    seed: 1,
    experimentId: null,
    variant: null,
    ownerPid: process.pid,
    ...change,
  };
}

export function checkpointOf(id: string, step: number): Artifact {
  return {
    kind: 'checkpoint',
    path: `runs/${id}/step-${step}.ckpt`,
    sha256: step.toString(16).padStart(64, '0'),
    sizeBytes: 100 + step,
  };
}

export function preprocessingOf(id: string): Artifact {
  return {
    kind: 'preprocessing',
    path: `runs/${id}/preprocessing.json`,
    sha256: 'f'.repeat(64),
    sizeBytes: 321,
  };
}

export function point(
  split: MetricPoint['split'],
  metric: MetricPoint['metric'],
  epoch: number,
  value: number | null,
): MetricPoint {
  return { split, metric, epoch, step: epoch * 10, value };
}

/** Epoch `epoch` of run `id` with ten steps, the given dev loss and a checkpoint. */
export function epochRecord(id: string, epoch: number, devLoss: number | null, best = true): EpochRecord {
  return {
    epoch: {
      epoch,
      step: epoch * 10,
      durationMs: 50,
      examplesPerSecond: 1000 + epoch,
      checkpoint: checkpointOf(id, epoch * 10),
      best,
    },
    points: [
      point('train', 'loss', epoch, 1 / epoch),
      point('dev', 'loss', epoch, devLoss),
      point('dev', 'accuracy', epoch, 0.5 + epoch / 100),
    ],
    durationMs: epoch * 50,
  };
}

export function query(change: Partial<RunsQuery> = {}): RunsQuery {
  return { ...runsQuery.parse({}), ...change };
}
