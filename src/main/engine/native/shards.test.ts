import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Engine, EvaluationStep, TrainingCall, TrainingStep } from '../engine.ts';
import { openEngine } from '../index.ts';
import { NativeTrainingProgram } from './native-training.ts';

const BATCH = 32;
const EXAMPLES = 4 * BATCH + 5;
const xs = Float32Array.from({ length: EXAMPLES }, (_, i) => Math.sin(i));
const ys = xs.map((x) => 3 * x - 1);
const inputs = [
  { name: 'x', shape: [EXAMPLES, 1], values: xs },
  { name: 'y', shape: [EXAMPLES, 1], values: ys },
];

const squaredError = (x: Tensor, y: Tensor, w: Tensor): Tensor => tf.square(tf.sub(tf.matMul(x, w), y));

/** Mean squared error of y = w x, by gradient descent. */
const line: TrainingStep = {
  state: [{ name: 'w', role: 'parameter', shape: [1, 1], values: Float32Array.of(0.5) }],
  inputs,
  scalarNames: ['rate'],
  metricNames: ['loss', 'share'],
  separable: true,
  update: {
    slots: [],
    fused: null,
    apply: ({ parameter, gradient, scalars }) => ({
      parameter: tf.sub(parameter, tf.mul(scalars.rate!, gradient)),
      slots: [],
    }),
  },
  run: ({ batch, state, share }) => {
    const loss = (w: Tensor): Tensor => tf.mul(tf.mean(squaredError(batch.x!, batch.y!, w)), share);
    const { value, grad } = tf.valueAndGrad(loss)(state.w!);
    return { gradients: { w: grad }, buffers: {}, metrics: [value, tf.scalar(batch.x!.shape[0])] };
  },
};

const evaluation: EvaluationStep = {
  inputs,
  metricNames: ['error', 'examples'],
  run: ({ batch, state, weights }) => [
    tf.sum(tf.mul(tf.reshape(squaredError(batch.x!, batch.y!, state.w!), [-1]), weights)),
    tf.sum(weights),
  ],
};

let engine: Engine;
beforeAll(async () => {
  const workload = { batchSize: BATCH, hasConvolutions: true, separable: true };
  const options = { choice: 'tensorflow', threads: 2, device: 'cpu' } as const;
  ({ engine } = await openEngine(options, cacheDirectory(), workload));
});
afterAll(() => engine.dispose());

function createCall(first: number, batchSize: number, steps: number): TrainingCall {
  const indices = Int32Array.from({ length: steps * batchSize }, (_, i) => first + i);
  return { indices, batchSize, steps, scalars: { rate: new Float32Array(steps).fill(0.1) }, firstStep: 0 };
}

/** The same descent in doubles; returns losses and the last weight. */
function reference(): { losses: number[]; w: number } {
  let w = 0.5;
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    const rows = Array.from(xs.subarray(step * BATCH, (step + 1) * BATCH));
    const errors = rows.map((x) => w * x - (3 * x - 1));
    losses.push(errors.reduce((sum, e) => sum + e * e, 0) / rows.length);
    w -= (0.1 * 2 * errors.reduce((sum, e, i) => sum + e * rows[i]!, 0)) / rows.length;
  }
  return { losses, w };
}

const HIDDEN = 6;
const key = [1, 2] as const;

function wave(length: number, speed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 1 + Math.cos(speed * i));
}

/** A net whose examples see each other in batch normalisation, of rows and of images, and that draws a mask. */
const normalised: TrainingStep = {
  ...line,
  state: [
    { name: 'w', role: 'parameter', shape: [1, HIDDEN], values: wave(HIDDEN, 1) },
    { name: 'scale', role: 'parameter', shape: [HIDDEN], values: wave(HIDDEN, 2).map((x) => x - 1) },
    { name: 'offset', role: 'parameter', shape: [HIDDEN], values: wave(HIDDEN, 3) },
    { name: 'v', role: 'parameter', shape: [HIDDEN, 1], values: wave(HIDDEN, 4) },
    { name: 'mean', role: 'buffer', shape: [HIDDEN / 2], values: new Float32Array(HIDDEN / 2) },
    { name: 'variance', role: 'buffer', shape: [HIDDEN / 2], values: new Float32Array(HIDDEN / 2) },
    { name: 'rows', role: 'buffer', shape: [], values: new Float32Array(1) },
  ],
  metricNames: ['loss'],
  run: ({ batch, state, share, ops, step }) => {
    const buffers: Record<string, Tensor> = {};
    const names = ['w', 'scale', 'offset', 'v'];
    const half = (x: Tensor): Tensor => tf.slice(x, [0], [HIDDEN / 2]);
    const loss = (...[w, scale, offset, v]: Tensor[]): Tensor => {
      const product = tf.sin(tf.matMul(batch.x!, w!));
      const dense = ops.batchNormTraining(product, scale!, offset!, 1e-3).normalised;
      const dropped = ops.dropout(dense, 0.25, key, step);
      const images = tf.reshape(dropped, [batch.x!.shape[0], 2, 1, HIDDEN / 2]);
      const { mean, variance, rows, ...again } = ops.batchNormTraining(
        images,
        half(scale!),
        half(offset!),
        1e-5,
      );
      Object.assign(buffers, { mean: tf.keep(mean), variance: tf.keep(variance), rows: tf.scalar(rows) });
      tf.keep(buffers.rows!);
      const flat = tf.reshape(tf.tanh(again.normalised), [-1, HIDDEN]);
      return tf.mul(tf.mean(squaredError(flat, batch.y!, v!)), share);
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => state[name]!));
    return {
      gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
      buffers,
      metrics: [value],
    };
  },
};

describe('a batch in shards', () => {
  it('is normalised, and dropped out, as the whole batch is', async () => {
    const train = async (separable: boolean): Promise<number[]> => {
      const program = await engine.createTrainingProgram(
        { ...normalised, separable },
        { batchSize: BATCH, plannedSteps: 5, hasConvolutions: true, executor: 'graph', stepsPerCall: 4 },
      );
      expect(program instanceof NativeTrainingProgram && program.shards).toBe(separable ? 2 : 1);
      const losses = await program.run(createCall(0, BATCH, 4));
      const state = await program.readState();
      program.dispose();
      return [...losses, ...state.flatMap(({ values }) => [...values])];
    };
    const inShards = await train(true);
    const whole = await train(false);
    expect(whole.at(-1)).toBe(2 * BATCH);
    const errors = inShards.map((value, i) => Math.abs(value - whole[i]!) / Math.max(1, Math.abs(whole[i]!)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(await train(true)).toEqual(inShards);
  });

  it('trains as the whole batch does, a last batch without equal parts included', async () => {
    const options = { batchSize: BATCH, plannedSteps: 5, hasConvolutions: true, executor: 'graph' } as const;
    const program = await engine.createTrainingProgram(line, { ...options, stepsPerCall: 4 });
    expect(program instanceof NativeTrainingProgram && program.shards).toBe(2);
    const full = await program.run(createCall(0, BATCH, 4));
    const last = await program.run(createCall(4 * BATCH, 5, 1));
    const metrics = [...full, ...last];
    const { losses, w } = reference();
    losses.forEach((loss, step) => expect(metrics[2 * step]).toBeCloseTo(loss, 5));
    // Two halves of 16 add their sizes, not multiplied by a share; the last batch is whole.
    expect(metrics.filter((_, i) => i % 2 === 1)).toEqual([32, 32, 32, 32, 5]);
    expect((await program.readState())[0]!.values[0]).toBeCloseTo(w, 5);

    const evaluator = await engine.createEvaluationProgram(evaluation, program, 64);
    const sums = await evaluator.run(Int32Array.from({ length: EXAMPLES }, (_, i) => i));
    const errors = Array.from(xs, (x) => (w * x - (3 * x - 1)) ** 2);
    expect(sums[0]).toBeCloseTo(
      errors.reduce((sum, e) => sum + e, 0),
      3,
    );
    expect(sums[1]).toBe(EXAMPLES);
    evaluator.dispose();
    program.dispose();
  });
});
