import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Engine, StateTensor, TrainingCall, TrainingProgram, TrainingStep } from '../engine.ts';
import { openFallbackEngine } from './fallback-engine.ts';

const inputValues = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const initialState: StateTensor[] = [
  { name: 'w', role: 'parameter', shape: [2], values: Float32Array.of(0.5, -0.25) },
  { name: 'count', role: 'buffer', shape: [], values: Float32Array.of(0) },
  { name: 'w/velocity', role: 'slot', shape: [2], values: Float32Array.of(0, 0) },
];

/** y = x . w with loss mean(y), so that the gradient is the mean row; momentum 0.5; counts its steps. */
const meanRowStep: TrainingStep = {
  state: initialState,
  inputs: [{ name: 'x', shape: [4, 2], values: inputValues }],
  scalarNames: ['learningRate'],
  metricNames: ['loss', 'step'],
  update: {
    slots: ['velocity'],
    fused: null,
    apply({ parameter, gradient, slots, scalars }) {
      const velocity = tf.add(tf.mul(slots[0]!, 0.5), gradient);
      return {
        parameter: tf.sub(parameter, tf.mul(velocity, scalars['learningRate']!)),
        slots: [velocity],
      };
    },
  },
  run({ state, batch, step }) {
    const rows = tf.cast(batch['x']!, 'float32') as tf.Tensor2D;
    const { value, grads } = tf.valueAndGrads((w: tf.Tensor) =>
      tf.mean(tf.matMul(rows, tf.reshape(w, [2, 1]))),
    )([state['w']!]);
    return {
      gradients: { w: grads[0]! },
      buffers: { count: tf.add(state['count']!, 1) },
      metrics: [value, tf.cast(step, 'float32')],
    };
  },
};

/** The same in plain numbers. */
function trainByHand(
  rows: number[][],
  rates: number[],
): { w: number[]; velocity: number[]; losses: number[] } {
  const w = [0.5, -0.25];
  const velocity = [0, 0];
  const losses: number[] = [];
  rows.forEach((batch, s) => {
    const mean = [0, 1].map(
      (axis) => batch.reduce((sum, row) => sum + inputValues[row * 2 + axis]!, 0) / batch.length,
    );
    losses.push(mean[0]! * w[0]! + mean[1]! * w[1]!);
    mean.forEach((gradient, axis) => {
      velocity[axis] = velocity[axis]! * 0.5 + gradient;
      w[axis]! -= rates[s]! * velocity[axis];
    });
  });
  return { w, velocity, losses };
}

function call(rows: number[][], rates: number[], firstStep = 0): TrainingCall {
  return {
    indices: Int32Array.from(rows.flat()),
    batchSize: rows[0]!.length,
    steps: rows.length,
    scalars: { learningRate: Float32Array.from(rates) },
    firstStep,
  };
}

let engine: Engine;
let program: TrainingProgram;

beforeEach(async () => {
  engine = await openFallbackEngine('cpu');
  program = await engine.createTrainingProgram(meanRowStep, {
    batchSize: 2,
    plannedSteps: 10,
    hasConvolutions: false,
  });
});
afterEach(() => {
  program.dispose();
  engine.dispose();
});

describe('a training program that runs op by op', () => {
  test('takes the steps of a call with their rows, scalars and step numbers', async () => {
    const rows = [
      [0, 3],
      [1, 1],
      [2, 0],
    ];
    const rates = [0.1, 0.01, 0.2];
    const expected = trainByHand(rows, rates);
    const metrics = await program.run(call(rows, rates, 40));
    expected.losses.forEach((loss, s) => {
      expect(metrics[2 * s]).toBeCloseTo(loss, 4);
      expect(metrics[2 * s + 1]).toBe(40 + s);
    });
    const state = await program.readState();
    expect(state.map(({ name, role, shape }) => ({ name, role, shape }))).toEqual(
      initialState.map(({ name, role, shape }) => ({ name, role, shape })),
    );
    expect([...state[0]!.values].map((x, i) => Math.abs(x - expected.w[i]!) < 1e-5)).toEqual([true, true]);
    expect(state[1]!.values[0]).toBe(3);
    expect([...state[2]!.values].map((x, i) => Math.abs(x - expected.velocity[i]!) < 1e-5)).toEqual([
      true,
      true,
    ]);
  });

  test('takes a last, smaller batch', async () => {
    const metrics = await program.run(call([[2]], [0.1]));
    expect(metrics[0]).toBeCloseTo(5 * 0.5 - 6 * 0.25, 5);
  });

  test('goes on from a state written back to the same numbers, bit for bit', async () => {
    await program.run(call([[0, 1]], [0.1]));
    const kept = await program.readState();
    const onwards = () => program.run(call([[2, 3]], [0.1], 1));
    const first = await onwards();
    await program.writeState(kept);
    expect(await onwards()).toEqual(first);
  });

  test('does not share memory with the state it was given, nor with the one it gives', async () => {
    const given = (await program.readState()).map((entry) => ({ ...entry, values: entry.values.slice() }));
    await program.writeState(given);
    given[0]!.values.fill(99);
    const read = await program.readState();
    expect([...read[0]!.values]).toEqual([0.5, -0.25]);
    read[0]!.values.fill(99);
    expect([...(await program.readState())[0]!.values]).toEqual([0.5, -0.25]);
  });

  test('refuses a state of another model and keeps its own', async () => {
    const state = await program.readState();
    const other = state.map((entry) => (entry.name === 'w' ? { ...entry, shape: [1, 2] } : entry));
    await expect(program.writeState(other)).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(program.writeState(state.slice(1))).rejects.toMatchObject({ code: 'shape-mismatch' });
    expect(await program.readState()).toEqual(state);
  });

  test('refuses rows that the data does not have, naming the input and the row', async () => {
    await expect(program.run(call([[0, 4]], [0.1]))).rejects.toThrow(/"x": row 4 .* 0 to 3/);
  });

  test('lets timers and messages through during a long call', async () => {
    const long = await engine.createTrainingProgram(meanRowStep, {
      batchSize: 2,
      plannedSteps: 2_000,
      hasConvolutions: false,
      stepsPerCall: 2_000,
    });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const rows = Array.from({ length: 500 }, () => [0, 1]);
    await long.run(call(rows, new Array<number>(500).fill(0)));
    clearInterval(timer);
    long.dispose();
    expect(turns).toBeGreaterThan(1);
  });

  test('holds no more tensors after 1,000 steps than after one, and none once disposed', async () => {
    const rows = Array.from({ length: 8 }, () => [0, 1]);
    await program.run(call(rows, new Array<number>(8).fill(0.001)));
    const before = engine.memory();
    for (let i = 1; i < 125; i++) await program.run(call(rows, new Array<number>(8).fill(0.001), i * 8));
    expect(engine.memory()).toEqual(before);
    program.dispose();
    expect(engine.memory()).toEqual({ tensors: 0, handles: 0 });
  });

  test('refuses an executor that this engine does not have', async () => {
    const options = { batchSize: 2, plannedSteps: 1, hasConvolutions: false, executor: 'xla' } as const;
    await expect(engine.createTrainingProgram(meanRowStep, options)).rejects.toMatchObject({
      code: 'unsupported',
    });
  });
});

describe('an evaluation program', () => {
  test('sums over the rows asked for, the last batch included, with the training state of the moment', async () => {
    const evaluation = await engine.createEvaluationProgram(
      {
        inputs: [{ name: 'x', shape: [4, 2], values: inputValues }],
        metricNames: ['prediction', 'examples'],
        run({ state, batch, weights }) {
          const rows = tf.cast(batch['x']!, 'float32') as tf.Tensor2D;
          const predictions = tf.reshape(tf.matMul(rows, tf.reshape(state['w']!, [2, 1])), [-1]);
          return [tf.sum(tf.mul(predictions, weights)), tf.sum(weights)];
        },
      },
      program,
      2,
    );
    const tensors = engine.memory().tensors;
    expect([...(await evaluation.run(Int32Array.of(0, 1, 3)))]).toEqual([0.5 * 11 - 0.25 * 14, 3]);
    const state = await program.readState();
    await program.writeState([{ ...state[0]!, values: Float32Array.of(1, 0) }, ...state.slice(1)]);
    expect([...(await evaluation.run(Int32Array.of(0, 1, 3)))]).toEqual([11, 3]);
    expect([...(await evaluation.run(new Int32Array(0)))]).toEqual([0, 0]);
    expect(engine.memory().tensors).toBe(tensors);
    evaluation.dispose();
  });
});
