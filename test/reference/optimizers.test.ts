import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine, StateTensor, TrainingProgram, TrainingStep } from '../../src/main/engine/engine.ts';
import { createOptimizer, type Optimizer } from '../../src/main/training/optimizers/index.ts';
import type { ExecutorKind } from '../../src/shared/schema/engine.ts';
import { optimizerSpec } from '../../src/shared/schema/training.ts';
import { engineCases, openTestEngine } from './engines.ts';
import { sizeOf } from './float64/array.ts';

/** Bound on every step's weights, relative to the largest weight of the parameter. */
const TOLERANCE = 1e-6;

const byParameter = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const stored = z
  .strictObject({
    torch: z.string(),
    shapes: byParameter(z.array(z.int())),
    initial: byParameter(z.array(z.number())),
    gradients: byParameter(z.array(z.array(z.number()))),
    cases: z.array(
      z.strictObject({
        name: z.string(),
        spec: optimizerSpec,
        weights: byParameter(z.array(z.array(z.number()))),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('optimizers.json', import.meta.url), 'utf8')));

const names = Object.keys(stored.shapes);
const stepCount = stored.gradients[names[0]!]!.length;

function initialState(optimizer: Optimizer): StateTensor[] {
  return names.flatMap((name) => {
    const shape = stored.shapes[name]!;
    const slots = optimizer.rule.slots.map((slot): StateTensor => ({
      name: `${name}/${slot}`,
      role: 'slot',
      shape,
      values: new Float32Array(sizeOf(shape)),
    }));
    const values = Float32Array.from(stored.initial[name]!);
    return [{ name, role: 'parameter' as const, shape, values }, ...slots];
  });
}

/** A step whose gradients are the stored ones: example s of the "data" is the gradient of step s. */
function createStep(optimizer: Optimizer): TrainingStep {
  return {
    state: initialState(optimizer),
    inputs: names.map((name) => ({
      name,
      shape: [stepCount, ...stored.shapes[name]!],
      values: Float32Array.from(stored.gradients[name]!.flat()),
    })),
    scalarNames: Object.keys(optimizer.scalars),
    metricNames: ['nothing'],
    update: optimizer.rule,
    run: ({ batch }) => ({
      gradients: Object.fromEntries(
        names.map((name) => [name, tf.reshape(batch[name]!, [...stored.shapes[name]!])]),
      ),
      buffers: {},
      metrics: [tf.scalar(0)],
    }),
  };
}

function takeStep(program: TrainingProgram, optimizer: Optimizer, step: number): Promise<Float32Array> {
  const scalars = Object.entries(optimizer.scalars).map(
    ([name, valueAt]) => [name, Float32Array.of(valueAt(step + 1))] as const,
  );
  return program.run({
    indices: Int32Array.of(step),
    batchSize: 1,
    steps: 1,
    scalars: Object.fromEntries(scalars),
    firstStep: step,
  });
}

function relativeError(found: Float32Array, expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale;
}

/** The largest error of any weight after any step. */
async function worstError(
  engine: Engine,
  executor: ExecutorKind,
  { spec, weights }: (typeof stored.cases)[number],
): Promise<number> {
  const optimizer = createOptimizer(spec);
  const program = await engine.createTrainingProgram(createStep(optimizer), {
    batchSize: 1,
    plannedSteps: stepCount,
    hasConvolutions: false,
    executor,
    stepsPerCall: 1,
  });
  expect(program.executor).toBe(executor);
  let worst = 0;
  for (let step = 0; step < stepCount; step++) {
    await takeStep(program, optimizer, step);
    const state = await program.readState();
    for (const name of names) {
      const { values } = state.find((entry) => entry.name === name)!;
      worst = Math.max(worst, relativeError(values, weights[name]![step]!));
    }
  }
  program.dispose();
  return worst;
}

describe.each(engineCases)('optimizers on the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test.each(stored.cases)('$name takes the steps of PyTorch', async (optimizerCase) => {
    expect(await worstError(engine, executor, optimizerCase)).toBeLessThan(TOLERANCE);
  });
});
