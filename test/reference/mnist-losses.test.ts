import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadDataset } from '../../src/main/data/index.ts';
import type { LoadedDataset } from '../../src/main/data/loaded-dataset.ts';
import { hasConvolutions } from '../../src/main/model/plan.ts';
import { planCall } from '../../src/main/training/call-plan.ts';
import { epochOrder } from '../../src/main/training/epoch-order.ts';
import { prepareRun, workloadOf, type PreparedRun } from '../../src/main/training/prepare-run.ts';
import { experiment } from '../../src/shared/schema/experiment.ts';
import { openTestEngine, type EngineCase } from './engines.ts';

const STEPS = 20;
/** Relative bound of the issue: rounding alone, grown over 20 steps of Adam. */
const TOLERANCE = 1e-3;
const SEED = 1;

const losses = z.array(z.number()).length(STEPS);
const stored = z
  .strictObject({ torch: z.string(), mlp: losses, cnn: losses })
  .parse(JSON.parse(readFileSync(new URL('mnist-losses.json', import.meta.url), 'utf8')));

type ModelName = 'mlp' | 'cnn';

/** The gallery's experiment on all 60,000 images, as the stored losses were made. */
function prepare(model: ModelName, dataset: LoadedDataset): PreparedRun {
  const path = new URL(`../../resources/experiments/mnist-${model}.json`, import.meta.url);
  const parsed = experiment.parse(JSON.parse(readFileSync(path, 'utf8')));
  const split = { ...parsed.data.split, devFraction: 0 };
  return prepareRun({ ...parsed, data: { ...parsed.data, split } }, SEED, dataset);
}

/** The loss of each of the first steps, in calls as large as the program takes. */
async function firstLosses(prepared: PreparedRun, { kind, executor, sharded }: Case): Promise<number[]> {
  const engine = await openTestEngine(kind, sharded ? workloadOf(prepared) : null);
  const { batchSize } = prepared.experiment.training;
  const options = {
    batchSize,
    plannedSteps: STEPS,
    hasConvolutions: hasConvolutions(prepared.plan),
    executor,
  };
  const program = await engine.createTrainingProgram(prepared.step, options);
  const order = epochOrder(prepared.split.train, SEED, 1);
  const found: number[] = [];
  while (found.length < STEPS) {
    const stepsPerCall = Math.min(program.stepsPerCall, STEPS - found.length);
    const layout = { batchSize, stepsPerCall, dropLastBatch: true };
    const call = planCall(order, found.length * batchSize, found.length, layout, prepared.optimizer.scalars);
    const metrics = await program.run(call!);
    for (let i = 0; i < call!.steps; i++) found.push(metrics[i * prepared.measures.length]!);
  }
  program.dispose();
  engine.dispose();
  return found;
}

interface Case extends EngineCase {
  readonly model: ModelName;
  /** Part the batch among the threads, as a run does. */
  readonly sharded?: true;
}

const cases: readonly Case[] = [
  { model: 'mlp', kind: 'tensorflow', executor: 'xla' },
  { model: 'mlp', kind: 'tensorflow', executor: 'graph' },
  { model: 'mlp', kind: 'wasm', executor: 'eager' },
  { model: 'cnn', kind: 'tensorflow', executor: 'graph' },
  { model: 'cnn', kind: 'tensorflow', executor: 'graph', sharded: true },
  { model: 'cnn', kind: 'tensorflow', executor: 'eager' },
];

describe('the first 20 losses on MNIST', () => {
  let dataset: LoadedDataset;
  beforeAll(async () => {
    dataset = await loadDataset({ dataset: 'mnist', generator: null, table: null }, '');
  });

  test.each(cases)('of the $model on $kind, $executor, sharded $sharded, are PyTorch’s', async (one) => {
    const { model } = one;
    const found = await firstLosses(prepare(model, dataset), one);
    const worst = Math.max(...found.map((loss, i) => Math.abs(loss / stored[model][i]! - 1)));
    expect(worst).toBeLessThan(TOLERANCE);
  });
});
