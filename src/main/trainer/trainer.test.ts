import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import { experiment, type ExperimentInput } from '../../shared/schema/experiment.ts';
import { openEngine } from '../engine/index.ts';
import { trainerEvent, type TrainerEvent, type TrainingJob } from '../training/events.ts';
import { Trainer } from './trainer.ts';

let artifactDirectory: string;
let events: TrainerEvent[];
beforeEach(async () => {
  artifactDirectory = await mkdtemp(join(tmpdir(), 'trainer-'));
  events = [];
});

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

function jobWith(change: Partial<ExperimentInput> = {}, rest: Partial<TrainingJob> = {}): TrainingJob {
  return {
    runId: 'run0123456789',
    experiment: experiment.parse({
      schemaVersion: 1,
      name: 'rings',
      data: {
        dataset: 'circles',
        generator: { trainExamples: 60, testExamples: 20, noise: 0.05, seed: 1 },
      },
      model: {
        layers: [
          { kind: 'dense', units: 6, activation: 'tanh' },
          { kind: 'dense', units: 2 },
        ],
      },
      training: {
        loss: 'sparse-softmax-cross-entropy',
        optimizer: { kind: 'adam', learningRate: 0.02 },
        batchSize: 10,
        epochs: 2,
      },
      ...change,
    }),
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

const kinds = (): string[] => events.map(({ kind }) => kind).filter((kind) => kind !== 'progress');
const failure = () => events.find((event) => event.kind === 'failed')?.failure;

describe('a trainer', () => {
  it('trains its job and tells what it was made with', async () => {
    await createTrainer().receive({ kind: 'start', job: jobWith() });
    expect(kinds()).toEqual(['log', 'log', 'log', 'log', 'started', 'epoch', 'epoch', 'finished']);
    const started = events.find((event) => event.kind === 'started');
    expect(started?.provenance).toMatchObject({
      engine: { kind: 'cpu' },
      executor: 'eager',
      appVersion: '1.2.3',
    });
    const log = events.flatMap((event) => (event.kind === 'log' ? [event.line.text] : []));
    expect(log[0]).toBe('Data: Two circles, 54 train, 6 dev and 20 test examples.');
    expect(log[1]).toBe('Model: 2 layers, 32 parameters.');
    expect(log[2]).toMatch(/^Engine: tfjs JavaScript .* 1 thread \(asked for\)\.$/);
  });

  it('pauses, resumes and cancels', async () => {
    const trainer = createTrainer((event, self) => {
      if (event.kind === 'started') void self.receive({ kind: 'pause' });
      if (event.kind === 'paused') setTimeout(() => void self.receive({ kind: 'resume' }), 10);
      if (event.kind === 'epoch') void self.receive({ kind: 'cancel' });
    });
    const job = jobWith();
    const training = { ...job.experiment.training, epochs: 1_000 };
    await trainer.receive({ kind: 'start', job: { ...job, experiment: { ...job.experiment, training } } });
    expect(kinds().slice(4, 8)).toEqual(['started', 'paused', 'resumed', 'epoch']);
    expect(kinds().at(-1)).toBe('cancelled');
    expect(kinds().length).toBeLessThan(100);
  });

  it('resumes a job from its checkpoint to the same numbers', async () => {
    await createTrainer().receive({ kind: 'start', job: jobWith() });
    const [first, second] = events.filter((event) => event.kind === 'epoch');
    const started = events.find((event) => event.kind === 'started')!;
    events = [];
    const { executor, stepsPerCall } = started.provenance;
    const resume = { checkpoint: first!.epoch.checkpoint!, executor, stepsPerCall };
    await createTrainer().receive({ kind: 'start', job: jobWith({}, { resume }) });
    const again = events.filter((event) => event.kind === 'epoch');
    expect(again.map(({ points }) => points)).toEqual([second!.points]);
  });

  it('refuses to resume with another seed', async () => {
    await createTrainer().receive({ kind: 'start', job: jobWith() });
    const { epoch } = events.find((event) => event.kind === 'epoch')!;
    events = [];
    const resume = { checkpoint: epoch.checkpoint!, executor: 'eager' as const, stepsPerCall: 8 };
    await createTrainer().receive({ kind: 'start', job: jobWith({}, { seed: 5, resume }) });
    expect(failure()).toMatchObject({ code: 'conflict' });
  });

  it('refuses an experiment with a fault before it opens an engine, naming the path', async () => {
    const model = { layers: [{ kind: 'dense' as const, units: 3 }] };
    await createTrainer().receive({ kind: 'start', job: jobWith({ model }) });
    expect(failure()).toMatchObject({ code: 'invalid-input', details: { path: 'model.layers.0' } });
    expect(kinds()).toEqual(['failed']);
  });

  it('fails on a command it does not know, saying what does not fit', async () => {
    await createTrainer().receive({ kind: 'start', job: { runId: 'run0123456789' } });
    expect(failure()?.code).toBe('invalid-input');
    expect(failure()?.message).toContain('job.experiment');
  });

  it('fails on a second job', async () => {
    const trainer = createTrainer((event, self) => {
      if (event.kind === 'started') void self.receive({ kind: 'start', job: jobWith() });
    });
    await trainer.receive({ kind: 'start', job: jobWith() });
    expect(failure()?.code).toBe('conflict');
    expect(kinds().at(-1)).toBe('failed');
  });

  it('tells an unexpected error with its stack in the log, and nothing after it', async () => {
    const trainer = new Trainer({
      openEngine: () => Promise.reject(new TypeError('engine fell over')),
      appVersion: '1.2.3',
      emit: (event) => events.push(trainerEvent.parse(structuredClone(event))),
    });
    await trainer.receive({ kind: 'start', job: jobWith() });
    expect(failure()).toMatchObject({ code: 'internal', message: 'engine fell over' });
    const errors = events.filter((event) => event.kind === 'log' && event.line.level === 'error');
    expect(errors).toHaveLength(1);
    trainer.fail(new StudioError('internal', 'again'));
    expect(kinds().filter((kind) => kind === 'failed')).toHaveLength(1);
  });
});
