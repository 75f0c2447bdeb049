import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/main/data/index.ts';
import type { Engine } from '../../src/main/engine/engine.ts';
import { hasConvolutions } from '../../src/main/model/index.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import { prepareRun, type PreparedRun } from '../../src/main/training/prepare-run.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';
import { engineCases, openTestEngine } from './engines.ts';

const STEPS = 20;
/** Bound of the design on each of the first losses, relative. */
const TOLERANCE = 1e-3;
const seed = 1;

const gallery = new URL('../../resources/experiments/', import.meta.url);
const experiments: readonly Experiment[] = readdirSync(gallery)
  .filter((file) => file.endsWith('.json'))
  .map((file) => experiment.parse(JSON.parse(readFileSync(new URL(file, gallery), 'utf8'))));

/** The experiment as the gallery has it, but on small batches, and on no more examples than its steps take. */
async function prepare(original: Experiment): Promise<PreparedRun> {
  const batchSize = Math.min(16, original.training.batchSize);
  const split = { ...original.data.split, trainLimit: STEPS * batchSize, testLimit: 10 };
  const limited = experiment.parse({
    ...original,
    data: { ...original.data, split },
    training: { ...original.training, batchSize },
  });
  return prepareRun(limited, seed, await loadDataset(limited.data));
}

/** Losses of the first steps, as the training loop takes them; the epochs go on until there are enough. */
async function firstLosses(engine: Engine, run: PreparedRun, executor: ExecutorKind): Promise<number[]> {
  const { training } = run.experiment;
  const program = await engine.createTrainingProgram(run.step, {
    batchSize: training.batchSize,
    plannedSteps: STEPS,
    hasConvolutions: hasConvolutions(run.plan),
    executor,
    stepsPerCall: 4,
  });
  expect(program.executor).toBe(executor);
  const layout = { ...training, stepsPerCall: program.stepsPerCall };
  const losses: number[] = [];
  for (let epoch = 1, step = 0; losses.length < STEPS; epoch++) {
    const order = epochOrder(run.split.train, seed, epoch);
    let position = 0;
    let call = planCall(order, position, step, layout, run.optimizer.scalars);
    while (call !== null) {
      const metrics = await program.run(call);
      for (let s = 0; s < call.steps; s++) losses.push(metrics[s * run.measures.length]!);
      position += call.indices.length;
      step += call.steps;
      call = planCall(order, position, step, layout, run.optimizer.scalars);
    }
  }
  program.dispose();
  return losses.slice(0, STEPS);
}

// wasm is the engine that a machine without TensorFlow's library gets, so the others are held against it.
const expectedLosses = new Map<string, number[]>();
const prepared = new Map<string, PreparedRun>();

beforeAll(async () => {
  const engine = await openTestEngine('wasm');
  for (const original of experiments) {
    const run = await prepare(original);
    prepared.set(original.name, run);
    expectedLosses.set(original.name, await firstLosses(engine, run, 'eager'));
  }
  engine.dispose();
}, 120_000);

test('the gallery has experiments', () => {
  expect(experiments.length).toBeGreaterThanOrEqual(5);
});

/** XLA takes long to compile a convolution for a CPU, so there nobody is given it (see gradients.test.ts, too). */
function experimentsFor(executor: ExecutorKind): readonly Experiment[] {
  const convolves = ({ model }: Experiment) => model.layers.some(({ kind }) => kind === 'conv2d');
  return experiments.filter((each) => executor !== 'xla' || !convolves(each));
}

const others = engineCases.filter(({ kind }) => kind === 'tensorflow');

describe.each(others)('the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test.each(experimentsFor(executor))(
    'takes the first steps of "$name" as the fallback engine does',
    async ({ name }) => {
      const losses = await firstLosses(engine, prepared.get(name)!, executor);
      const expected = expectedLosses.get(name)!;
      const errors = losses.map((loss, step) => Math.abs(loss / expected[step]! - 1));
      expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
    },
  );
});
