import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import { trainerEvent } from './events.ts';
import type { Engine, EvaluationProgram } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { CheckpointFiles } from './checkpoint-files.ts';
import {
  CALLS_PER_EPOCH,
  eventsOf,
  pointsOf,
  runTiny,
  tinyExperiment,
  type RunOptions,
  type RunOutcome,
} from './loop-fixture.ts';

let engine: Engine;
let artifactDirectory: string;
beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());
beforeEach(async () => {
  artifactDirectory = await mkdtemp(join(tmpdir(), 'loop-'));
});

const run = (options: Partial<RunOptions> = {}): Promise<RunOutcome> =>
  runTiny({ engine, artifactDirectory, ...options });

/** Resumes in a copy of the artifacts, so that the first run's checkpoints stay as they were. */
async function runOn(resume: Artifact, options: Partial<RunOptions> = {}): Promise<RunOutcome> {
  const copy = await mkdtemp(join(tmpdir(), 'loop-'));
  await cp(artifactDirectory, copy, { recursive: true });
  return run({ ...options, artifactDirectory: copy, resume });
}

/** Runs until a pause after so many calls, and cancels there. */
async function pauseAfter(calls: number): Promise<Artifact> {
  const outcome = await run({
    beforeCall: (call, controls) => {
      if (call === calls) controls.ask('pause');
    },
    onEvent: (event, controls) => {
      if (event.kind === 'paused') controls.ask('cancel');
    },
  });
  expect(outcome.calls).toBe(calls);
  return eventsOf(outcome, 'paused')[0]!.checkpoint;
}

async function failureOf(promise: Promise<unknown>): Promise<StudioError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof StudioError) return error;
  throw new Error('expected a StudioError', { cause: error });
}

describe('a whole run', () => {
  it('takes every batch of every epoch, full ones first, and ends with the test split', async () => {
    const outcome = await run();
    expect(outcome.calls).toBe(3 * CALLS_PER_EPOCH);
    const epochs = eventsOf(outcome, 'epoch');
    expect(epochs.map(({ epoch }) => [epoch.epoch, epoch.step])).toEqual([
      [1, 5],
      [2, 10],
      [3, 15],
    ]);
    const splits = epochs[0]!.points.map(({ split, metric }) => `${split} ${metric}`);
    expect(splits).toEqual([
      'train loss',
      'train accuracy',
      'train learning-rate',
      'dev loss',
      'dev accuracy',
    ]);
    const last = outcome.events.at(-1)!;
    expect(last).toMatchObject({ kind: 'finished' });
    expect(pointsOf(outcome).filter(({ split }) => split === 'test')).toHaveLength(2);
    for (const event of outcome.events) trainerEvent.parse(event);
  });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const first = await run();
    expect(pointsOf(await run())).toEqual(pointsOf(first));
    expect(pointsOf(await run({ seed: 6 }))).not.toEqual(pointsOf(first));
  });

  it('leaves out the last batch where it is asked to', async () => {
    const outcome = await run({ experiment: tinyExperiment({ dropLastBatch: true, epochs: 1 }) });
    expect(eventsOf(outcome, 'epoch')[0]!.epoch.step).toBe(4);
  });

  it('weights an epoch by examples: its accuracy is a whole number of them', async () => {
    const outcome = await run({ experiment: tinyExperiment({ epochs: 1 }) });
    const accuracy = pointsOf(outcome).find(
      ({ split, metric }) => split === 'train' && metric === 'accuracy',
    );
    expect((accuracy!.value! * 36) % 1).toBeCloseTo(0, 5);
  });

  it('evaluates dev every n epochs and after the last', async () => {
    const evaluation = { everyEpochs: 2 };
    const outcome = await run({ experiment: tinyExperiment({}, { evaluation }) });
    const dev = pointsOf(outcome).filter(({ split, metric }) => split === 'dev' && metric === 'loss');
    expect(dev.map(({ epoch }) => epoch)).toEqual([2, 3]);
  });

  it('evaluates test with dev where it is asked to', async () => {
    const evaluation = { testEveryEpoch: true };
    const outcome = await run({ experiment: tinyExperiment({ epochs: 2 }, { evaluation }) });
    const test = pointsOf(outcome).filter(({ split, metric }) => split === 'test' && metric === 'loss');
    expect(test.map(({ epoch }) => epoch)).toEqual([1, 2, 2]);
    expect(test[2]!.value).toBe(test[1]!.value);
  });

  it('runs without a dev split', async () => {
    const generator = { trainExamples: 40, testExamples: 10, noise: 0.1, seed: 3 };
    const data = { dataset: 'circles', generator, split: { devFraction: 0 } } as const;
    const experiment = tinyExperiment({ epochs: 2 }, { data, evaluation: { testEveryEpoch: true } });
    const outcome = await run({ experiment });
    expect(pointsOf(outcome).map(({ split, epoch }) => `${split} ${epoch}`)).toEqual([
      ...['train 1', 'train 1', 'train 1', 'test 1', 'test 1'],
      ...['train 2', 'train 2', 'train 2', 'test 2', 'test 2'],
      ...['test 2', 'test 2'],
    ]);
    expect(eventsOf(outcome, 'epoch')[0]!.epoch.best).toBe(true);
  });

  it('names checkpoints that are on the disk, whole, when it names them', async () => {
    const checks: Promise<void>[] = [];
    await run({
      onEvent: (event) => {
        if (event.kind !== 'epoch') return;
        const { path, sha256, sizeBytes } = event.epoch.checkpoint!;
        const check = readFile(join(artifactDirectory, path)).then((bytes) => {
          expect(bytes.length).toBe(sizeBytes);
          expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
        });
        checks.push(check);
      },
    });
    expect(checks).toHaveLength(3);
    await Promise.all(checks);
  });

  it('learns: the loss of the last epoch is well below that of the first', async () => {
    const experiment = tinyExperiment({ epochs: 20 });
    const losses = pointsOf(await run({ experiment })).filter(
      (p) => p.split === 'train' && p.metric === 'loss',
    );
    expect(losses.at(-1)!.value!).toBeLessThan(0.7 * losses[0]!.value!);
  });

  it('leaves no tensor behind', async () => {
    await run();
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('resuming', () => {
  it('continues bit for bit from a pause between any two calls', async () => {
    const whole = await run();
    for (let calls = 1; calls < 3 * CALLS_PER_EPOCH; calls++) {
      const checkpoint = await pauseAfter(calls);
      const rest = await runOn(checkpoint);
      const fromEpoch = Math.floor(calls / CALLS_PER_EPOCH) + 1;
      expect(rest.calls).toBe(3 * CALLS_PER_EPOCH - calls);
      expect(pointsOf(rest)).toEqual(pointsOf(whole, fromEpoch));
      expect(rest.state).toEqual(whole.state);
    }
  });

  it('continues bit for bit from the checkpoint of each epoch, the last one included', async () => {
    const whole = await run();
    for (const { epoch } of eventsOf(whole, 'epoch')) {
      const rest = await runOn(epoch.checkpoint!);
      expect(eventsOf(rest, 'epoch')).toHaveLength(3 - epoch.epoch);
      expect(pointsOf(rest)).toEqual([
        ...pointsOf(whole, epoch.epoch + 1).filter(({ split }) => split !== 'test'),
        ...eventsOf(whole, 'finished')[0]!.points,
      ]);
      expect(rest.state).toEqual(whole.state);
    }
  });

  it('goes on counting time where it stood', async () => {
    const whole = await run();
    const { epoch, durationMs } = eventsOf(whole, 'epoch')[1]!;
    const rest = await runOn(epoch.checkpoint!);
    expect(eventsOf(rest, 'epoch')[0]!.durationMs).toBeGreaterThan(durationMs * 0.5);
  });
});

describe('pausing and cancelling', () => {
  it('waits without a call until resumed, then ends with the same numbers', async () => {
    const whole = await run();
    const during: number[] = [];
    let calls = 0;
    const paused = await run({
      beforeCall: (call, controls) => {
        calls = call;
        if (call === 4) controls.ask('pause');
      },
      onEvent: (event, controls) => {
        if (event.kind !== 'paused') return;
        void wait(50).then(() => {
          during.push(calls);
          controls.ask('run');
        });
      },
    });
    expect(during).toEqual([4]);
    expect(pointsOf(paused)).toEqual(pointsOf(whole));
    const kinds = paused.events.map(({ kind }) => kind).filter((kind) => kind !== 'progress');
    expect(kinds).toEqual(['epoch', 'paused', 'resumed', 'epoch', 'epoch', 'finished']);
    expect(eventsOf(paused, 'paused')[0]).toMatchObject({ step: 7 });
  });

  it('does not count the time of a pause', async () => {
    const outcome = await run({
      beforeCall: (call, controls) => {
        if (call === 1) controls.ask('pause');
      },
      onEvent: (event, controls) => {
        if (event.kind === 'paused') void wait(1_000).then(() => controls.ask('run'));
      },
    });
    expect(eventsOf(outcome, 'finished')[0]!.durationMs).toBeLessThan(1_000);
  });

  it('stops at the next call when cancelled, keeping the epochs told before', async () => {
    const outcome = await run({
      beforeCall: (call, controls) => {
        if (call === 5) controls.ask('cancel');
      },
    });
    expect(outcome.calls).toBe(5);
    expect(eventsOf(outcome, 'epoch')).toHaveLength(1);
    expect(outcome.events.at(-1)).toMatchObject({ kind: 'cancelled' });
  });

  it('reports where it stands while it runs', async () => {
    const outcome = await run({ experiment: tinyExperiment({ epochs: 60 }) });
    const progress = eventsOf(outcome, 'progress').map((event) => event.progress);
    expect(progress[0]).toMatchObject({ epoch: 1, epochsPlanned: 60, stepsPlanned: 300, phase: 'training' });
    const steps = progress.map(({ step }) => step);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    const { durationMs } = eventsOf(outcome, 'finished')[0]!;
    expect(progress.length).toBeLessThanOrEqual(durationMs / 100 + 2);
  });
});

/** Says of dev what the test wants, epoch by epoch. The loss comes first, as a sum over dev's 4 rows. */
function scriptedDev(losses: readonly number[]): EvaluationProgram {
  let evaluation = 0;
  return {
    run: async () => Float64Array.of(4 * (losses[evaluation++] ?? 9), 0),
    dispose: () => undefined,
  };
}

describe('early stopping', () => {
  const patient = { patience: 2, split: 'dev', metric: 'loss' } as const;

  it('stops after its patience and tests the weights of the best epoch', async () => {
    const experiment = tinyExperiment({ epochs: 10, earlyStopping: patient });
    const outcome = await run({ experiment, dev: scriptedDev([1, 0.5, 0.7, 0.6]) });
    const epochs = eventsOf(outcome, 'epoch');
    expect(epochs.map(({ epoch }) => epoch.best)).toEqual([true, true, false, false]);
    const best = await new CheckpointFiles(artifactDirectory, 'tinyrun0123').read(
      epochs[1]!.epoch.checkpoint!.path,
    );
    expect(outcome.state).toEqual(best.state);
    const final = eventsOf(outcome, 'finished')[0]!.points;
    expect(final.map(({ split, epoch, step }) => [split, epoch, step])).toEqual([
      ['dev', 2, 10],
      ['dev', 2, 10],
      ['test', 2, 10],
      ['test', 2, 10],
    ]);
  });

  it('keeps the last weights where it is told not to restore', async () => {
    const earlyStopping = { ...patient, restoreBest: false };
    const experiment = tinyExperiment({ epochs: 10, earlyStopping });
    const outcome = await run({ experiment, dev: scriptedDev([1, 0.5, 0.7, 0.6]) });
    expect(eventsOf(outcome, 'finished')[0]!.points.map(({ epoch }) => epoch)).toEqual([4, 4]);
  });

  it('does not count an improvement below the smallest one', async () => {
    const earlyStopping = { ...patient, minimumDelta: 0.1 };
    const experiment = tinyExperiment({ epochs: 10, earlyStopping });
    const outcome = await run({ experiment, dev: scriptedDev([1, 0.95, 0.91, 0.1]) });
    expect(eventsOf(outcome, 'epoch')).toHaveLength(3);
  });

  it('judges only epochs whose dev split is measured', async () => {
    const evaluation = { everyEpochs: 3 };
    const experiment = tinyExperiment({ epochs: 20, earlyStopping: patient }, { evaluation });
    const outcome = await run({ experiment, dev: scriptedDev([1, 0.5, 0.7]) });
    const epochs = eventsOf(outcome, 'epoch').map(({ epoch }) => epoch);
    expect(epochs).toHaveLength(9);
    expect(epochs.filter(({ best }) => best).map(({ epoch }) => epoch)).toEqual([3, 6]);
  });

  it('remembers its best epoch through a crash', async () => {
    const experiment = tinyExperiment({ epochs: 10, earlyStopping: patient });
    const whole = await run({ experiment, dev: scriptedDev([1, 0.5, 0.7, 0.6]) });
    const resume = eventsOf(whole, 'epoch')[2]!.epoch.checkpoint!;
    const rest = await runOn(resume, { experiment, dev: scriptedDev([0.6]) });
    expect(eventsOf(rest, 'epoch').map(({ epoch }) => epoch.epoch)).toEqual([4]);
    expect(rest.state).toEqual(whole.state);
    const stopped = await runOn(eventsOf(whole, 'epoch')[3]!.epoch.checkpoint!, { experiment });
    expect(stopped.calls).toBe(0);
    expect(stopped.state).toEqual(whole.state);
  });
});

describe('a loss that is not a number', () => {
  // Squares of a linear model on a curve: above its stable learning rate the weights grow without bound.
  const experiment = tinyExperiment(
    {
      loss: 'mean-squared-error',
      optimizer: { kind: 'sgd', learningRate: 20 },
      epochs: 50,
    },
    {
      data: {
        dataset: 'noisy-1d',
        generator: { trainExamples: 40, testExamples: 10, noise: 0.1, seed: 3 },
      },
      model: { layers: [{ kind: 'dense', name: 'line', units: 1 }] },
      evaluation: { metrics: [] },
    },
  );

  it('stops the run, says where and how large the weights were, and keeps the epochs before', async () => {
    const events: string[] = [];
    const error = await failureOf(run({ experiment, onEvent: ({ kind }) => events.push(kind) }));
    expect(error.code).toBe('not-a-number');
    expect(error.message).toMatch(/in epoch \d+ at step \d+\. Weight norms before that step: line /);
    expect(error.message).toContain('smaller learning rate');
    expect(error.details.epoch).toBe(events.filter((kind) => kind === 'epoch').length + 1);
    expect(events).toContain('epoch');
    expect(events).not.toContain('finished');
  });

  it('names the same step however many steps a call takes', async () => {
    const one = await failureOf(run({ experiment, stepsPerCall: 1 }));
    const many = await failureOf(run({ experiment, stepsPerCall: 4 }));
    expect(many.details).toEqual(one.details);
  });
});

describe('a disk that cannot take a checkpoint', () => {
  it('stops the run before the epoch is told', async () => {
    const events: string[] = [];
    const blocked = join(artifactDirectory, 'file');
    await writeFile(blocked, '');
    const failing = run({ artifactDirectory: blocked, onEvent: ({ kind }) => events.push(kind) });
    await expect(failing).rejects.toThrow();
    expect(events).not.toContain('epoch');
  });
});
