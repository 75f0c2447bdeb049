import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/main/data/index.ts';
import type { Engine, TrainingProgram } from '../../src/main/engine/engine.ts';
import { hasConvolutions } from '../../src/main/model/index.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import { prepareRun, type PreparedRun } from '../../src/main/training/prepare-run.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';
import { engineCases, openTestEngine } from './engines.ts';

const STEPS = 20;
/** No multiple of the batch, so that the last one is short. */
const TEST_EXAMPLES = 37;
/** Bound of the design on each of the first losses, relative; here on the test measures, too. */
const TOLERANCE = 1e-3;
const seed = 1;
/** Bundled and generated datasets need no folder. */
const noDatasets = '';

const gallery = new URL('../../resources/experiments/', import.meta.url);
const experiments: readonly Experiment[] = readdirSync(gallery)
  .filter((file) => file.endsWith('.json'))
  .map((file) => experiment.parse(JSON.parse(readFileSync(new URL(file, gallery), 'utf8'))));

/** The experiment as the gallery has it, but on small batches, and on no more examples than its steps take. */
async function prepare(original: Experiment): Promise<PreparedRun> {
  const batchSize = Math.min(16, original.training.batchSize);
  const split = { ...original.data.split, trainLimit: STEPS * batchSize, testLimit: TEST_EXAMPLES };
  const limited = experiment.parse({
    ...original,
    data: { ...original.data, split },
    training: { ...original.training, batchSize },
  });
  return prepareRun(limited, seed, await loadDataset(limited.data, noDatasets));
}

/** What an engine computes of a run. */
interface Outcome {
  /** Of each of the first steps. */
  readonly losses: readonly number[];
  /** Sum of each measure over the test examples after them. */
  readonly testSums: readonly number[];
}

/** Takes steps as the training loop does; the epochs go on until there are enough. */
async function firstLosses(program: TrainingProgram, run: PreparedRun): Promise<number[]> {
  const layout = { ...run.experiment.training, stepsPerCall: program.stepsPerCall };
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
  return losses.slice(0, STEPS);
}

async function trainAndTest(engine: Engine, run: PreparedRun, executor: ExecutorKind): Promise<Outcome> {
  const { batchSize } = run.experiment.training;
  const program = await engine.createTrainingProgram(run.step, {
    batchSize,
    plannedSteps: STEPS,
    hasConvolutions: hasConvolutions(run.plan),
    executor,
    stepsPerCall: 4,
  });
  expect(program.executor).toBe(executor);
  const evaluation = await engine.createEvaluationProgram(run.evaluation.test, program, batchSize);
  const losses = await firstLosses(program, run);
  const testSums = [...(await evaluation.run(run.split.test))];
  evaluation.dispose();
  program.dispose();
  return { losses, testSums };
}

function largestError(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...found.map((value, i) => Math.abs(value / expected[i]! - 1)));
}

// wasm is the engine that a machine without TensorFlow's library gets, so the others are held against it.
const expectedOutcomes = new Map<string, Outcome>();
const prepared = new Map<string, PreparedRun>();

beforeAll(async () => {
  const engine = await openTestEngine('wasm');
  for (const original of experiments) {
    const run = await prepare(original);
    prepared.set(original.name, run);
    expectedOutcomes.set(original.name, await trainAndTest(engine, run, 'eager'));
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
    'trains and tests "$name" as the fallback engine does',
    async ({ name }) => {
      const found = await trainAndTest(engine, prepared.get(name)!, executor);
      const expected = expectedOutcomes.get(name)!;
      expect(largestError(found.losses, expected.losses)).toBeLessThan(TOLERANCE);
      expect(largestError(found.testSums, expected.testSums)).toBeLessThan(TOLERANCE);
    },
  );
});
