import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/main/engine/engine.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import {
  materialiseRun,
  prepareRun,
  workloadOf,
  type PreparedRun,
} from '../../src/main/training/prepare-run.ts';
import { loadShapes } from '../../src/main/training/shapes-fixture.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { experiment, type Experiment, type ExperimentInput } from '../../src/shared/schema/experiment.ts';
import { engineCases, openTestEngine } from './engines.ts';

/*
 * Two heads on a shared trunk with everything that changes a loss or a gradient: mixed and smoothed targets, class
 * weights, clipping. Every engine must compute the same.
 */

const TOLERANCE = 1e-3;
const seed = 4;
const dataset = loadShapes();

const heads: NonNullable<ExperimentInput['model']>['heads'] = [
  { name: 'direction', layer: 'direction', target: 'direction' },
  {
    name: 'light',
    layer: 'light',
    target: 'brightness',
    loss: 'gaussian-negative-log-likelihood',
    weight: 1e-3,
  },
];

function headedExperiment(
  layers: NonNullable<ExperimentInput['model']>['layers'],
  augmentation: ExperimentInput['augmentation'],
  training: Partial<ExperimentInput['training']> = {},
): Experiment {
  return experiment.parse({
    schemaVersion: 1,
    name: 'heads',
    data: { dataset: 'shapes', split: { devFraction: 0.2 } },
    preprocessing: [{ kind: 'unit-scale' }],
    augmentation,
    model: {
      layers: [
        ...layers,
        { kind: 'dense', name: 'direction', inputs: ['trunk'], units: 3 },
        { kind: 'dense', name: 'light', inputs: ['trunk'], units: 2 },
      ],
      heads,
    },
    training: {
      optimizer: { kind: 'adam', learningRate: 0.002 },
      batchSize: 8,
      gradientClipping: { kind: 'norm', limit: 0.5 },
      classWeights: 'balanced',
      labelSmoothing: 0.1,
      ...training,
    },
    evaluation: { metrics: ['accuracy', 'root-mean-squared-error'] },
  });
}

const onRows = headedExperiment(
  [
    { kind: 'flatten' },
    { kind: 'dense', name: 'first', units: 12, activation: 'tanh' },
    { kind: 'dense', name: 'second', units: 12, activation: 'tanh' },
    { kind: 'add', name: 'trunk', inputs: ['first', 'second'] },
  ],
  [{ kind: 'brightness', amount: 0.1 }, { kind: 'mixup' }],
);

const convolutions: NonNullable<ExperimentInput['model']>['layers'] = [
  { kind: 'conv2d', name: 'left', inputs: ['input'], filters: 4, kernelSize: 3, activation: 'relu' },
  { kind: 'conv2d', name: 'right', inputs: ['input'], filters: 3, kernelSize: 5, activation: 'tanh' },
  { kind: 'concatenate', name: 'both', inputs: ['left', 'right'] },
  { kind: 'batch-norm' },
  { kind: 'max-pool2d' },
  { kind: 'dropout', rate: 0.1 },
  { kind: 'flatten', name: 'trunk' },
];
const moves: ExperimentInput['augmentation'] = [{ kind: 'crop', padding: 1 }, { kind: 'flip' }];
const onImages = headedExperiment(convolutions, [...moves, { kind: 'cutmix' }]);
/** What mixes no examples is computed in parts, one for each core. */
const inParts = headedExperiment(convolutions, moves, { classWeights: null, batchSize: 32 });

interface Outcome {
  /** [steps, measures] flat. */
  readonly metrics: readonly number[];
  readonly devSums: readonly number[];
}

async function trainTwoEpochs(
  engine: Engine,
  onPaper: PreparedRun,
  executor: ExecutorKind,
): Promise<Outcome> {
  const run = await materialiseRun(onPaper);
  const { batchSize } = run.experiment.training;
  const options = { batchSize, plannedSteps: 12, hasConvolutions: run.avoidsXla, executor, stepsPerCall: 3 };
  const program = await engine.createTrainingProgram(run.step, options);
  expect(program.executor).toBe(executor);
  const evaluation = await engine.createEvaluationProgram(run.evaluation.dev, program, 8);
  const metrics: number[] = [];
  for (let epoch = 1, step = 0; epoch <= 2; epoch++) {
    const order = epochOrder(run.split.train, seed, epoch);
    const layout = { batchSize, stepsPerCall: 3, dropLastBatch: false };
    let position = 0;
    let call = planCall(order, position, step, layout, run.optimizer.scalars);
    while (call !== null) {
      metrics.push(...(await program.run(call)));
      position += call.indices.length;
      step += call.steps;
      call = planCall(order, position, step, layout, run.optimizer.scalars);
    }
  }
  const devSums = [...(await evaluation.run(run.split.dev))];
  evaluation.dispose();
  program.dispose();
  return { metrics, devSums };
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const errors = expected.map((value, i) => Math.abs(found[i]! - value) / (Math.abs(value) + 1e-2));
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
}

const cases = [
  { name: 'rows', spec: onRows, xla: true },
  { name: 'images', spec: onImages, xla: false },
  { name: 'images in parts', spec: inParts, xla: false },
];
const expected = new Map<string, Outcome>();

beforeAll(async () => {
  const engine = await openTestEngine('wasm');
  for (const { name, spec } of cases) {
    expected.set(name, await trainTwoEpochs(engine, prepareRun(spec, seed, dataset), 'eager'));
  }
  engine.dispose();
}, 120_000);

test('only batches whose examples are apart are computed in parts', () => {
  const isSeparable = (spec: Experiment) => prepareRun(spec, seed, dataset).step.separable;
  expect([onRows, onImages, inParts].map(isSeparable)).toEqual([false, false, true]);
});

const others = engineCases.filter(({ kind }) => kind !== 'wasm');

describe.each(others)('two heads on the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind, workloadOf(prepareRun(inParts, seed, dataset)));
  });
  afterAll(() => engine.dispose());

  test.each(cases.filter(({ xla }) => xla || executor !== 'xla'))(
    'train and are measured on $name as on the fallback engine',
    async ({ name, spec }) => {
      const found = await trainTwoEpochs(engine, prepareRun(spec, seed, dataset), executor);
      expectClose(found.metrics, expected.get(name)!.metrics);
      expectClose(found.devSums, expected.get(name)!.devSums);
    },
  );
});
