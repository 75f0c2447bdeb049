import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetInfo, loadDataset } from '../../src/main/data/index.ts';
import type { Engine, TrainingProgram } from '../../src/main/engine/engine.ts';
import { summariseModel } from '../../src/main/model/index.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import { materialiseRun, prepareRun, type PreparedRun } from '../../src/main/training/prepare-run.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';
import { storeStandIns } from '../../src/main/data/dataset-test-kit.ts';
import { engineCases, openTestEngine } from './engines.ts';

const STEPS = 20;
/** No multiple of the batch, so that the last one is short. */
const TEST_EXAMPLES = 37;
/** Bound of the design on each of the first losses, relative; here on the test measures, too. */
const TOLERANCE = 1e-3;
const seed = 1;
/** Nets with more work than this (2 FLOP a multiply-add, of one example) take the fallback engine too long. */
const LARGEST_WORK = 2e7;

const gallery = new URL('../../resources/experiments/', import.meta.url);
const BATCH = 16;
/** Under Adam, batch norm lets the engines' different rounding grow about threefold a step, the more the smaller the batch. */
const BATCH_NORM_BATCH = 64;
const BATCH_NORM_STEPS = 10;

function normalises({ model }: Experiment): boolean {
  return model.layers.some(({ kind }) => kind === 'batch-norm');
}

function smallBatch(original: Experiment): number {
  return Math.min(normalises(original) ? BATCH_NORM_BATCH : BATCH, original.training.batchSize);
}

const datasetDirectory = mkdtempSync(join(tmpdir(), 'engine-agreement-'));
await storeStandIns(datasetDirectory, {
  trainExamples: STEPS * BATCH_NORM_BATCH,
  testExamples: TEST_EXAMPLES,
});
afterAll(() => rmSync(datasetDirectory, { recursive: true }));

/** Nets of which the gallery has no other; a search's is that of an experiment beside it. */
function isComparable({ svm, lab, search, model, data }: Experiment): boolean {
  if (svm !== null || lab !== null || search !== null) return false;
  const { featureShape } = datasetInfo(data, datasetDirectory);
  return summariseModel(model, featureShape).forwardFlops < LARGEST_WORK;
}

const experiments: readonly Experiment[] = readdirSync(gallery)
  .filter((file) => file.endsWith('.json'))
  .map((file) => experiment.parse(JSON.parse(readFileSync(new URL(file, gallery), 'utf8'))))
  .filter(isComparable);

/** The experiment as the gallery has it, but on small batches, and on no more examples than its steps take. */
async function prepare(original: Experiment): Promise<PreparedRun> {
  const batchSize = smallBatch(original);
  const { trainExamples, testExamples } = datasetInfo(original.data, datasetDirectory);
  const trainLimit = Math.min(STEPS * batchSize, trainExamples - (original.data.split.testExamples ?? 0));
  const testLimit = Math.min(TEST_EXAMPLES, original.data.split.testExamples ?? testExamples);
  const limits = { trainLimit, testLimit, devExamples: null, devFraction: 0.1 };
  const limited = experiment.parse({
    ...original,
    data: { ...original.data, split: { ...original.data.split, ...limits } },
    training: { ...original.training, batchSize },
  });
  return prepareRun(limited, seed, await loadDataset(limited.data, datasetDirectory));
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
  const stepCount = normalises(run.experiment) ? BATCH_NORM_STEPS : STEPS;
  const layout = { ...run.experiment.training, stepsPerCall: program.stepsPerCall };
  const losses: number[] = [];
  for (let epoch = 1, step = 0; losses.length < stepCount; epoch++) {
    const order = epochOrder(run.split.train, seed, epoch);
    let position = 0;
    let call = planCall(order, position, step, layout, run.optimizer.scalars);
    while (call !== null && losses.length < stepCount) {
      const metrics = await program.run(call);
      for (let s = 0; s < call.steps; s++) losses.push(metrics[s * run.measures.length]!);
      position += call.indices.length;
      step += call.steps;
      call = planCall(order, position, step, layout, run.optimizer.scalars);
    }
  }
  return losses.slice(0, stepCount);
}

async function trainAndTest(engine: Engine, onPaper: PreparedRun, executor: ExecutorKind): Promise<Outcome> {
  const run = await materialiseRun(onPaper);
  const { batchSize } = run.experiment.training;
  const program = await engine.createTrainingProgram(run.step, {
    batchSize,
    plannedSteps: STEPS,
    hasConvolutions: run.avoidsXla,
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
  // Nothing right of all examples is a sum of 0.
  return Math.max(
    ...found.map((value, i) => Math.abs(value - expected[i]!) / Math.max(1e-3, Math.abs(expected[i]!))),
  );
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
}, 240_000);

test('the gallery has experiments', () => {
  expect(experiments.length).toBeGreaterThanOrEqual(15);
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
