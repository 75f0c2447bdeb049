import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '../../shared/schema/artifact.ts';
import type { ExperimentInput } from '../../shared/schema/experiment.ts';
import type { Engine, EvaluationProgram } from '../engine/engine.ts';
import { openFallbackEngine } from '../engine/portable/fallback-engine.ts';
import { CheckpointFiles } from './checkpoint-files.ts';
import {
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
  artifactDirectory = await mkdtemp(join(tmpdir(), 'rates-'));
});

type Schedule = NonNullable<ExperimentInput['training']>['schedule'];

function scheduled(schedule: Schedule, training: ExperimentInput['training'] = {}): RunOptions['experiment'] {
  return tinyExperiment({
    optimizer: { kind: 'sgd', learningRate: 0.08 },
    schedule,
    ...training,
  });
}

async function run(
  experiment: RunOptions['experiment'],
  rest: Partial<RunOptions> = {},
): Promise<RunOutcome> {
  return runTiny({ engine, artifactDirectory, ...(experiment === undefined ? {} : { experiment }), ...rest });
}

async function runOn(
  resume: Artifact,
  experiment: RunOptions['experiment'],
  rest: Partial<RunOptions> = {},
): Promise<RunOutcome> {
  const copy = await mkdtemp(join(tmpdir(), 'rates-'));
  await cp(artifactDirectory, copy, { recursive: true });
  return run(experiment, { ...rest, artifactDirectory: copy, resume });
}

function rates(outcome: RunOutcome): [step: number, rate: number | null][] {
  return pointsOf(outcome)
    .filter(({ metric }) => metric === 'learning-rate')
    .map(({ step, value }) => [step, value]);
}

/** Says of dev what the test wants: a loss per epoch, for 4 rows. */
function scriptedDev(losses: readonly number[]): EvaluationProgram {
  let evaluation = 0;
  return {
    run: async () => Float64Array.of(4 * (losses[evaluation++] ?? 9), 0),
    dispose: () => undefined,
  };
}

describe('the learning rate', () => {
  it('is stored for every epoch as it was at its last step', async () => {
    // 5 steps an epoch, 15 in all: half of half a cosine lies at the eighth.
    const outcome = await run(scheduled({ kind: 'cosine' }));
    const cosine = (step: number): number => 0.04 * (1 + Math.cos((Math.PI * (step - 1)) / 14));
    expect(rates(outcome)).toEqual([5, 10, 15].map((step) => [step, cosine(step)]));
    expect(rates(await run(scheduled({ kind: 'constant' })))).toEqual(
      [5, 10, 15].map((step) => [step, 0.08]),
    );
  });

  it('is the one the optimizer takes: after a fall, what a run with the lower rate computes', async () => {
    const falling = await run(scheduled({ kind: 'step', everyEpochs: 1, factor: 0.5 }, { epochs: 2 }));
    const first = eventsOf(falling, 'epoch')[0]!.epoch.checkpoint!;
    const lower = { epochs: 2, optimizer: { kind: 'sgd', learningRate: 0.04 } } as const;
    const constant = await runOn(first, scheduled({ kind: 'constant' }, lower));
    expect(constant.state).toEqual(falling.state);
  });

  it('warms up within the first epochs', async () => {
    const outcome = await run(scheduled({ kind: 'constant' }, { warmUpEpochs: 1.6 }));
    expect(rates(outcome)).toEqual([
      [5, 0.08 * (5 / 8)],
      [10, 0.08],
      [15, 0.08],
    ]);
  });

  it('goes on bit for bit from a pause within an epoch', async () => {
    const experiment = scheduled({ kind: 'one-cycle' }, { optimizer: { kind: 'adam', learningRate: 0.1 } });
    const whole = await run(experiment);
    const paused = await run(experiment, {
      beforeCall: (call, controls) => {
        if (call === 5) controls.ask('pause');
      },
      onEvent: (event, controls) => {
        if (event.kind === 'paused') controls.ask('cancel');
      },
    });
    const rest = await runOn(eventsOf(paused, 'paused')[0]!.checkpoint, experiment);
    expect(rest.state).toEqual(whole.state);
    expect(pointsOf(rest, 2)).toEqual(pointsOf(whole, 2));
  });
});

describe('reduce-on-plateau', () => {
  const schedule = { kind: 'reduce-on-plateau', factor: 0.5, patience: 1 } as const;
  const losses = [1, 0.5, 0.6, 0.6, 0.6, 0.6, 0.3];

  it('lowers the rate for the epoch after its patience is over, and waits anew', async () => {
    const outcome = await run(scheduled(schedule, { epochs: 8 }), { dev: scriptedDev(losses) });
    expect(rates(outcome).map(([, rate]) => rate)).toEqual([0.08, 0.08, 0.08, 0.08, 0.04, 0.04, 0.02, 0.02]);
  });

  it('goes on bit for bit after a crash in any epoch', async () => {
    const experiment = scheduled(schedule, { epochs: 7 });
    const whole = await run(experiment, { dev: scriptedDev(losses) });
    for (const { epoch } of eventsOf(whole, 'epoch').slice(2, 6)) {
      const dev = scriptedDev(losses.slice(epoch.epoch));
      const rest = await runOn(epoch.checkpoint!, experiment, { dev });
      expect(rest.state).toEqual(whole.state);
      expect(rates(rest)).toEqual(rates(whole).slice(epoch.epoch));
    }
  });

  it('keeps what it has seen in the checkpoint', async () => {
    const outcome = await run(scheduled(schedule, { epochs: 4 }), { dev: scriptedDev(losses) });
    const files = new CheckpointFiles(artifactDirectory, 'tinyrun0123');
    const read = await files.read(eventsOf(outcome, 'epoch')[3]!.epoch.checkpoint!.path);
    expect(read.position.plateau).toEqual({ best: 0.5, sinceEpoch: 4, learningRate: 0.04 });
  });

  it('can watch train', async () => {
    // No improvement is ever large enough.
    const impatient = { ...schedule, split: 'train', patience: 0, threshold: 1 } as const;
    const outcome = await run(scheduled(impatient, { epochs: 4 }));
    expect(rates(outcome).map(([, rate]) => rate)).toEqual([0.08, 0.08, 0.04, 0.02]);
  });
});
