import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelSpec } from '../../shared/schema/model.ts';
import { portableOps } from '../engine/portable/ops.ts';
import { forwardInference, forwardTraining } from './forward.ts';
import { planModel, type ModelPlan } from './plan.ts';

beforeAll(() => tf.setBackend('cpu'));

const planOf = (layers: object[], inputShape: number[]): ModelPlan =>
  planModel(modelSpec.parse({ layers }), inputShape);

/** A training pass; buffers are collected as plain numbers. */
function pass(plan: ModelPlan, x: Tensor, state: Record<string, Tensor>, step = 0, seed = 1) {
  const buffers: Record<string, number[]> = {};
  const [output] = forwardTraining(plan, x, {
    ops: portableOps,
    state,
    step: tf.scalar(step, 'int32'),
    seed,
    updateBuffer: (name, value) => (buffers[name] = Array.from(value.dataSync())),
  });
  return { output: Array.from(output!.dataSync()), buffers };
}

const infer = (plan: ModelPlan, x: Tensor, state: Record<string, Tensor> = {}): Tensor =>
  forwardInference(plan, x, { ops: portableOps, state })[0]!;

function expectClose(found: ArrayLike<number>, expected: readonly number[], digits = 5): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
}

describe('dense', () => {
  it('multiplies, adds the bias and applies the activation', () => {
    const plan = planOf([{ kind: 'dense', name: 'd', units: 2, activation: 'relu' }], [3]);
    const state = { 'd/weight': tf.tensor2d([1, -1, 2, 0, 0, 3], [3, 2]), 'd/bias': tf.tensor1d([0.5, -2]) };
    const y = infer(plan, tf.tensor2d([[1, 2, 3]]), state);
    expectClose(y.dataSync(), [1 + 4 + 0 + 0.5, -1 + 0 + 9 - 2]);
  });
});

describe('activations', () => {
  it.each([
    ['linear', [-2, 0.5, 7]],
    ['relu', [0, 0.5, 7]],
    ['relu6', [0, 0.5, 6]],
    ['leaky-relu', [-0.6, 0.5, 7]],
    ['elu', [Math.exp(-2) - 1, 0.5, 7]],
    ['tanh', [Math.tanh(-2), Math.tanh(0.5), Math.tanh(7)]],
    ['sigmoid', [-2, 0.5, 7].map((x) => 1 / (1 + Math.exp(-x)))],
    ['softplus', [-2, 0.5, 7].map((x) => Math.log1p(Math.exp(x)))],
    ['softmax', [-2, 0.5, 7].map((x) => Math.exp(x) / (Math.exp(-2) + Math.exp(0.5) + Math.exp(7)))],
  ] as const)('computes %s', (activation, expected) => {
    const plan = planOf([{ kind: 'activation', activation, negativeSlope: 0.3 }], [3]);
    expectClose(infer(plan, tf.tensor2d([[-2, 0.5, 7]])).dataSync(), expected);
  });
});

describe('conv2d', () => {
  const x = tf.tensor4d(
    Float32Array.from({ length: 2 * 9 * 8 * 2 }, (_, i) => Math.sin(i)),
    [2, 9, 8, 2],
  );
  const weight = tf.tensor4d(
    Float32Array.from({ length: 3 * 2 * 2 * 3 }, (_, i) => Math.cos(i)),
    [3, 2, 2, 3],
  );

  it.each(['same', 'valid'] as const)('spreads its taps as tfjs does, with %s padding', (padding) => {
    const layer = { kind: 'conv2d', name: 'c', filters: 3, kernelSize: [3, 2], dilation: [2, 3], padding };
    const plan = planOf([{ ...layer, useBias: false }], [9, 8, 2]);
    const found = infer(plan, x, { 'c/weight': weight });
    const expected = tf.conv2d(x, weight, 1, padding, 'NHWC', [2, 3]);
    expect(found.shape).toEqual(expected.shape);
    expect(found.shape.slice(1)).toEqual(plan.outputShape);
    expectClose(found.dataSync(), Array.from(expected.dataSync()), 4);
  });

  it('has a gradient when dilated: that of the loss by finite differences', () => {
    const layer = { kind: 'conv2d', name: 'c', filters: 3, kernelSize: [3, 2], dilation: 2, strides: 2 };
    const plan = planOf([{ ...layer, useBias: false }], [9, 8, 2]);
    const loss = (kernel: Tensor): tf.Scalar => tf.sum(tf.square(infer(plan, x, { 'c/weight': kernel })));
    const gradient = tf.grad(loss)(weight).dataSync();
    const values = Array.from(weight.dataSync());
    for (const i of [0, 7, 20, 35]) {
      const at = (delta: number): number => {
        const moved = values.map((value, j) => (j === i ? value + delta : value));
        return loss(tf.tensor4d(moved, [3, 2, 2, 3])).dataSync()[0]!;
      };
      const numeric = (at(0.05) - at(-0.05)) / 0.1;
      expect(Math.abs(gradient[i]! - numeric)).toBeLessThan(2e-3 * Math.max(1, Math.abs(numeric)));
    }
  });
});

describe('pooling', () => {
  const image = tf.tensor4d([1, 5, 2, 4, 3, 0, 7, 8, 6], [1, 3, 3, 1]);

  it('takes the largest and the mean of each window, padding left out', () => {
    const pool = (kind: string): Tensor =>
      infer(planOf([{ kind, poolSize: 2, padding: 'same' }], [3, 3, 1]), image);
    expectClose(pool('max-pool2d').dataSync(), [5, 2, 8, 6]);
    expectClose(pool('average-pool2d').dataSync(), [13 / 4, 1, 7.5, 6]);
  });

  it('takes the largest and the mean of all', () => {
    expectClose(infer(planOf([{ kind: 'global-max-pool2d' }], [3, 3, 1]), image).dataSync(), [8]);
    expectClose(infer(planOf([{ kind: 'global-average-pool2d' }], [3, 3, 1]), image).dataSync(), [4]);
  });

  it('gives the gradient to one of equal maxima', () => {
    const plan = planOf([{ kind: 'global-max-pool2d' }], [2, 2, 1]);
    const gradient = tf.grad((x) => tf.sum(infer(plan, x)))(tf.ones([1, 2, 2, 1]));
    expect(tf.sum(gradient).dataSync()[0]).toBe(1);
  });
});

describe('batch norm', () => {
  const plan = planOf([{ kind: 'batch-norm', name: 'n', momentum: 0.25, epsilon: 1e-3 }], [1]);
  const state = {
    'n/scale': tf.tensor1d([2]),
    'n/offset': tf.tensor1d([-1]),
    'n/runningMean': tf.tensor1d([10]),
    'n/runningVariance': tf.tensor1d([4]),
  };
  const x = tf.tensor2d([[1], [2], [3], [6]]);

  it('normalises by the batch while training, and moves its statistics as PyTorch does', () => {
    // Mean 3; variance 3.5 over the batch, 14/3 unbiased.
    const { output, buffers } = pass(plan, x, state);
    expectClose(
      output,
      [1, 2, 3, 6].map((value) => (2 * (value - 3)) / Math.sqrt(3.5 + 1e-3) - 1),
    );
    expectClose(buffers['n/runningMean']!, [0.75 * 10 + 0.25 * 3]);
    expectClose(buffers['n/runningVariance']!, [0.75 * 4 + 0.25 * (14 / 3)]);
  });

  it('normalises by its running statistics at inference', () => {
    expectClose(
      infer(plan, x, state).dataSync(),
      [1, 2, 3, 6].map((value) => (2 * (value - 10)) / Math.sqrt(4 + 1e-3) - 1),
    );
  });
});

describe('dropout', () => {
  const layers = [
    { kind: 'dropout', name: 'first', rate: 0.5 },
    { kind: 'dropout', name: 'second', rate: 0.5 },
  ];
  const plan = planOf(layers.slice(0, 1), [2_000]);
  const x = tf.ones([1, 2_000]);

  it('drops its share and scales up what stays, while training only', () => {
    const { output } = pass(plan, x, {});
    const kept = output.filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([2]));
    expect(Math.abs(kept.length - 1_000)).toBeLessThan(4 * Math.sqrt(500));
    expect(infer(plan, x)).toBe(x);
  });

  it('draws another mask for each step, seed and layer, and the same one again', () => {
    const first = pass(plan, x, {}, 5).output;
    expect(pass(plan, x, {}, 5).output).toEqual(first);
    expect(pass(plan, x, {}, 6).output).not.toEqual(first);
    expect(pass(plan, x, {}, 5, 2).output).not.toEqual(first);
    expect(pass(planOf(layers.slice(1), [2_000]), x, {}, 5).output).not.toEqual(first);
  });
});

describe('flatten', () => {
  it('lays out rows with the last axis fastest', () => {
    const y = infer(planOf([{ kind: 'flatten' }], [2, 1, 2]), tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2]));
    expect(y.shape).toEqual([1, 4]);
    expectClose(y.dataSync(), [1, 2, 3, 4]);
  });
});
