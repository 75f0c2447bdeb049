import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import { openEngine } from '../engine/index.ts';
import { CheckpointFiles } from '../training/checkpoint-files.ts';
import { trainerEvent, type TrainerEvent, type TrainingJob } from '../training/events.ts';
import { readSvmCheckpoint } from '../training/svm/index.ts';
import { Trainer } from './trainer.ts';

let artifactDirectory: string;
let events: TrainerEvent[];
beforeEach(async () => {
  artifactDirectory = await mkdtemp(join(tmpdir(), 'work-'));
  events = [];
});

const rings: ExperimentInput = {
  schemaVersion: 1,
  name: 'rings',
  data: {
    dataset: 'circles',
    generator: { trainExamples: 200, testExamples: 100, noise: 0.05, seed: 1 },
  },
  preprocessing: [{ kind: 'standardise' }],
};

function createTrainer(onEvent: (event: TrainerEvent, trainer: Trainer) => void = () => {}): Trainer {
  const trainer: Trainer = new Trainer({
    openEngine,
    appVersion: '1.2.3',
    emit(event) {
      events.push(trainerEvent.parse(structuredClone(event)));
      onEvent(event, trainer);
    },
  });
  return trainer;
}

function jobWith(change: Partial<ExperimentInput>, rest: Partial<TrainingJob> = {}): TrainingJob {
  return {
    runId: 'run0123456789',
    experiment: experiment.parse({ ...rings, ...change }),
    seed: 4,
    engine: { choice: 'cpu', threads: null, device: 'auto' },
    artifactDirectory,
    cacheDirectory: artifactDirectory,
    datasetDirectory: artifactDirectory,
    preprocessing: null,
    resume: null,
    ...rest,
  };
}

function runJob(job: TrainingJob, onEvent?: (event: TrainerEvent, trainer: Trainer) => void): Promise<void> {
  return createTrainer(onEvent).receive({ kind: 'start', job });
}

const kinds = (): string[] => events.map(({ kind }) => kind).filter((kind) => kind !== 'progress');

function eventOf<K extends TrainerEvent['kind']>(kind: K): Extract<TrainerEvent, { kind: K }> {
  return events.find((event): event is Extract<TrainerEvent, { kind: K }> => event.kind === kind)!;
}

const logged = (): string[] => events.flatMap((event) => (event.kind === 'log' ? [event.line.text] : []));
const accuracies = () =>
  [...eventOf('epoch').points, ...eventOf('finished').points].map(({ split, metric, value }) => ({
    split,
    metric,
    value,
  }));

const rbf: Partial<ExperimentInput> = { svm: { kernel: 'rbf' } };

describe('a job with a support vector machine', () => {
  it('fits it, stores it, and tells it as one epoch with all three accuracies', async () => {
    await runJob(jobWith(rbf));
    expect(kinds()).toEqual(['log', 'log', 'log', 'started', 'log', 'epoch', 'finished']);
    expect(logged()[1]).toBe('Model: support vector machine, RBF kernel of gamma scale, C 1.');
    expect(logged()[3]).toMatch(/^Support vectors: \d+ of 180 examples after [\d,]+ iterations\.$/);
    expect(eventOf('started').provenance).toMatchObject({ engine: { kind: 'cpu' }, executor: 'eager' });
    expect(accuracies().map(({ split, metric }) => `${split} ${metric}`)).toEqual([
      'train accuracy',
      'dev accuracy',
      'test accuracy',
    ]);
    for (const { value } of accuracies()) expect(value).toBeGreaterThan(0.9);
    const { epoch } = eventOf('epoch');
    expect(epoch).toMatchObject({ epoch: 1, step: 1, best: true });
    const files = new CheckpointFiles(artifactDirectory, 'run0123456789');
    const model = await readSvmCheckpoint(files, epoch.checkpoint!.path, epoch.checkpoint!.sha256);
    expect(model).toMatchObject({ kind: 'rbf', features: 2, labels: Int32Array.of(0, 1) });
  });

  it('cannot tell rings apart with a linear kernel', async () => {
    await runJob(jobWith({ svm: { kernel: 'linear' } }));
    for (const { value } of accuracies()) expect(value).toBeLessThan(0.75);
  });

  it('waits through a pause, and cancels', async () => {
    const order: string[] = [];
    await runJob(jobWith(rbf), (event, trainer) => {
      if (event.kind === 'started') void trainer.receive({ kind: 'pause' });
      if (event.kind === 'paused') setTimeout(() => void trainer.receive({ kind: 'resume' }), 30);
      order.push(event.kind);
    });
    expect(kinds().slice(3, 6)).toEqual(['started', 'paused', 'resumed']);
    expect(kinds().at(-1)).toBe('finished');
    events = [];
    await runJob(jobWith(rbf), (event, trainer) => {
      if (event.kind === 'started') void trainer.receive({ kind: 'cancel' });
    });
    expect(kinds().at(-1)).toBe('cancelled');
    expect(kinds()).not.toContain('epoch');
  });

  it('begins anew from the checkpoint of a pause, to the same numbers', async () => {
    await runJob(jobWith(rbf), (event, trainer) => {
      if (event.kind === 'started') void trainer.receive({ kind: 'pause' });
      if (event.kind === 'paused') void trainer.receive({ kind: 'cancel' });
    });
    const { checkpoint } = eventOf('paused');
    events = [];
    await runJob(jobWith(rbf, { resume: { checkpoint, executor: 'eager', stepsPerCall: 1 } }));
    const resumed = accuracies();
    events = [];
    await runJob(jobWith(rbf));
    expect(resumed).toEqual(accuracies());
  });

  it('refuses numbers to predict', async () => {
    const generator = { trainExamples: 40, testExamples: 10, noise: 0.1, seed: 1 };
    await runJob(jobWith({ ...rbf, data: { dataset: 'noisy-1d', generator } }));
    expect(eventOf('failed').failure.code).toBe('invalid-input');
  });
});

describe('a job with a laboratory', () => {
  const points = (metric: string) => eventOf('epoch').points.filter((point) => point.metric === metric);

  it('multiplies matrices and tells overflow as numbers that are none', async () => {
    const lab = { kind: 'chained-products', count: 40, size: 8, minimum: 0, maximum: 20 } as const;
    await runJob(jobWith({ lab }));
    expect(kinds()).toEqual(['log', 'started', 'epoch', 'finished']);
    expect(points('mean').map(({ step }) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(points('mean')[0]!.value).toBeGreaterThan(5);
    expect(points('standard-deviation').at(-1)!.value).toBeNull();
    expect(eventOf('epoch').epoch).toMatchObject({ epoch: 1, step: 40, checkpoint: null });
  });

  it('is cancelled between two factors', async () => {
    const lab = { kind: 'chained-products', count: 10_000, size: 256, minimum: -1, maximum: 1 } as const;
    await runJob(jobWith({ lab }), (event, trainer) => {
      if (event.kind === 'progress' && event.progress.step > 1) void trainer.receive({ kind: 'cancel' });
    });
    expect(kinds().at(-1)).toBe('cancelled');
  });

  it("measures the experiment's model at its first weights", async () => {
    const model: ExperimentInput['model'] = {
      layers: [
        { kind: 'dense', units: 6, activation: 'tanh' },
        { kind: 'dense', units: 2 },
      ],
    };
    await runJob(jobWith({ lab: { kind: 'initialisation', batchSize: 64 }, model }));
    expect(kinds()).toEqual(['log', 'log', 'log', 'started', 'epoch', 'finished']);
    expect(points('activation-norm').map(({ step }) => step)).toEqual([1, 2]);
    for (const { value } of points('gradient-norm')) expect(value).toBeGreaterThan(0);
  });
});
