import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine, StateTensor, TrainingStep, UpdateRule } from '../../src/main/engine/engine.ts';
import { forwardInference, planModel, type ModelPlan } from '../../src/main/model/index.ts';
import { modelSpec } from '../../src/shared/schema/model.ts';
import { engineCases, openTestEngine } from './engines.ts';
import { sizeOf } from './float64/array.ts';
import { createStep, targetOf } from './step-kit.ts';

const TOLERANCE = 1e-5;

const numbers = z.array(z.number());
const stored = z
  .strictObject({
    torch: z.string(),
    cases: z.array(
      z.strictObject({
        name: z.string(),
        momentum: z.number(),
        epsilon: z.number(),
        scale: numbers,
        offset: numbers,
        exampleShape: z.array(z.int()),
        batches: z.array(numbers),
        running: z.array(z.strictObject({ mean: numbers, variance: numbers })),
        inference: numbers,
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('batch-norm.json', import.meta.url), 'utf8')));
type StoredCase = (typeof stored.cases)[number];

/** Leaves scale and offset where they are. */
const standStill: UpdateRule = {
  slots: [],
  apply: ({ parameter }) => ({ parameter, slots: [] }),
  fused: null,
};

function planOf({ momentum, epsilon, exampleShape }: StoredCase): ModelPlan {
  const layers = [{ kind: 'batch-norm', name: 'norm', momentum, epsilon }, { kind: 'flatten' }];
  return planModel(modelSpec.parse({ layers }), exampleShape);
}

function createNormStep(stored: StoredCase): TrainingStep {
  const plan = planOf(stored);
  const values = Float32Array.from(stored.batches.flat());
  const outputCount = sizeOf(stored.exampleShape);
  const rows = values.length / outputCount;
  const zeros = {
    ...targetOf('zero', 0),
    shape: [rows, outputCount],
    values: new Float32Array(values.length),
  };
  const step = createStep({
    plan,
    data: { features: { shape: [rows, ...stored.exampleShape], values }, targets: [zeros] },
    loss: 'mean-squared-error',
    optimizer: { rule: standStill, scalars: {} },
  });
  const given: Record<string, number[]> = { 'norm/scale': stored.scale, 'norm/offset': stored.offset };
  const state = step.state.map((entry) => ({
    ...entry,
    values: Float32Array.from(given[entry.name] ?? entry.values),
  }));
  return { ...step, state };
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  const errors = expected.map((value, i) => Math.abs(value - found[i]!) / scale);
  expect(found).toHaveLength(expected.length);
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
}

function valuesOf(state: readonly StateTensor[], name: string): Float32Array {
  return state.find((entry) => entry.name === name)!.values;
}

/** The output for the first batch as the model is used. */
function infer(engine: Engine, stored: StoredCase, state: readonly StateTensor[]): Float32Array {
  return tf.tidy(() => {
    const tensors = state.map(({ name, shape, values }) => [name, tf.tensor(values, [...shape])] as const);
    const first = Float32Array.from(stored.batches[0]!);
    const x = tf.tensor(first, [first.length / sizeOf(stored.exampleShape), ...stored.exampleShape]);
    const context = { ops: engine.ops, state: Object.fromEntries(tensors) };
    return forwardInference(planOf(stored), x, context)[0]!.dataSync() as Float32Array;
  });
}

describe.each(engineCases)('batch norm on the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test.each(stored.cases)('of $name keeps the running statistics of PyTorch and uses them', async (norm) => {
    const batchSize = norm.batches[0]!.length / sizeOf(norm.exampleShape);
    const program = await engine.createTrainingProgram(createNormStep(norm), {
      batchSize,
      plannedSteps: norm.batches.length,
      hasConvolutions: false,
      executor,
      stepsPerCall: 1,
    });
    expect(program.executor).toBe(executor);
    for (const [step, running] of norm.running.entries()) {
      const indices = Int32Array.from({ length: batchSize }, (_, i) => step * batchSize + i);
      await program.run({ indices, batchSize, steps: 1, scalars: {}, firstStep: step });
      const state = await program.readState();
      expectClose(valuesOf(state, 'norm/runningMean'), running.mean);
      expectClose(valuesOf(state, 'norm/runningVariance'), running.variance);
    }
    expectClose(infer(engine, norm, await program.readState()), norm.inference);
    program.dispose();
  });
});
