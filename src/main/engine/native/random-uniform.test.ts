import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Engine, RandomKey, TrainingStep } from '../engine.ts';
import { openEngine } from '../index.ts';
import { uniformNumbers } from '../portable/ops.ts';

const KEY: RandomKey = [0xdeadbeef, 0xfedcba98];
const FIRST_STEP = 70_000;
const STEPS = 4;

let engine: Engine;

beforeAll(async () => {
  const options = { choice: 'tensorflow', threads: 2, device: 'cpu' } as const;
  ({ engine } = await openEngine(options, cacheDirectory()));
});

afterAll(() => engine.dispose());

const data = { name: 'x', shape: [8], values: new Float32Array(8) };

/** A step whose metrics are the numbers drawn for a batch of 3 with 2 numbers each. */
const drawing: TrainingStep = {
  state: [{ name: 'w', role: 'parameter', shape: [1], values: new Float32Array(1) }],
  inputs: [data],
  scalarNames: [],
  metricNames: Array.from({ length: 6 }, (_, i) => `number ${i}`),
  update: {
    slots: [],
    apply: ({ parameter }) => ({ parameter: tf.clone(parameter), slots: [] }),
    fused: null,
  },
  run: ({ ops, step }) => ({
    gradients: {},
    buffers: {},
    metrics: tf.tidy(() => tf.unstack(tf.reshape(ops.randomUniform([3, 2], KEY, step), [6]))),
  }),
};

it.each(['eager', 'graph', 'xla'] as const)(
  'the %s executor draws the numbers that plain JavaScript draws, new ones at every step',
  async (executor) => {
    const program = await engine.createTrainingProgram(drawing, {
      batchSize: 3,
      plannedSteps: 100,
      hasConvolutions: false,
      executor,
      stepsPerCall: STEPS,
    });
    const indices = new Int32Array(STEPS * 3);
    const found = await program.run({
      indices,
      batchSize: 3,
      steps: STEPS,
      scalars: {},
      firstStep: FIRST_STEP,
    });
    program.dispose();
    const expected = Array.from({ length: STEPS }, (_, i) => [...uniformNumbers(6, KEY, FIRST_STEP + i)]);
    expect([...found]).toEqual(expected.flat());
  },
);

it('leaves nothing behind but the result', () => {
  const step = tf.scalar(7, 'int32');
  const draw = () => engine.ops.randomUniform([5, 5], KEY, step).dispose();
  // The step's number reaches TensorFlow with its first use.
  draw();
  const before = engine.memory();
  draw();
  expect(engine.memory()).toEqual(before);
  step.dispose();
});
