import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { openFallbackEngine } from './fallback-engine.ts';
import { dropoutFactors, uniformNumbers } from './ops.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

function expectClose(found: tf.Tensor, expected: readonly number[], tolerance = 1e-5): void {
  const values = found.dataSync();
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(Math.abs(values[i]! - value)).toBeLessThan(tolerance));
}

describe('sparse softmax cross-entropy', () => {
  test('is -log softmax of the label, worked out by hand', () => {
    const logits = tf.tensor2d([0, Math.log(3), 2, 2], [2, 2]);
    const loss = engine.ops.sparseSoftmaxCrossEntropy(logits, tf.tensor1d([0, 1], 'int32'));
    expectClose(loss, [Math.log(4), Math.log(2)]);
  });

  test('has the gradient softmax - one-hot, weighted row by row', () => {
    const labels = tf.tensor1d([0, 1], 'int32');
    const gradient = tf.grad((logits: tf.Tensor) =>
      tf.sum(tf.mul(engine.ops.sparseSoftmaxCrossEntropy(logits, labels), tf.tensor1d([1, 10]))),
    )(tf.tensor2d([0, Math.log(3), 2, 2], [2, 2]));
    expectClose(gradient, [-0.75, 0.75, 5, -5]);
  });

  test('stays finite for logits whose exponential overflows', () => {
    const labels = tf.tensor1d([1], 'int32');
    const logits = tf.tensor2d([1_000, -1_000], [1, 2]);
    expectClose(engine.ops.sparseSoftmaxCrossEntropy(logits, labels), [2_000]);
    const gradient = tf.grad((x: tf.Tensor) => engine.ops.sparseSoftmaxCrossEntropy(x, labels))(logits);
    expectClose(gradient, [1, -1]);
  });
});

describe('batch normalisation', () => {
  test('gives each channel mean offset and deviation scale, and the biased variance', () => {
    const x = tf.tensor2d([1, 10, 2, 20, 3, 30, 6, 60], [4, 2]);
    const { normalised, mean, variance } = engine.ops.batchNormTraining(
      x,
      tf.tensor1d([2, 1]),
      tf.tensor1d([0.5, -1]),
      0,
    );
    expectClose(mean, [3, 30], 1e-4);
    expectClose(variance, [3.5, 350], 1e-3);
    const again = tf.moments(normalised, 0);
    expectClose(again.mean, [0.5, -1]);
    expectClose(again.variance, [4, 1], 1e-4);
  });
});

describe('dropout', () => {
  test('keeps 1 - rate of a large input, scaled so that the mean stays', () => {
    const size = 100_000;
    const factors = dropoutFactors(size, 0.3, [1, 2], 0);
    const kept = factors.filter((factor) => factor !== 0);
    const deviation = Math.sqrt(0.3 * 0.7 * size);
    expect(Math.abs(kept.length - 0.7 * size)).toBeLessThan(4 * deviation);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
  });

  test('draws another mask at every step and under every key, and the same one again', () => {
    const mask = (key: [number, number], step: number) => String(dropoutFactors(64, 0.5, key, step));
    expect(mask([1, 2], 0)).toBe(mask([1, 2], 0));
    expect(new Set([mask([1, 2], 0), mask([1, 2], 1), mask([1, 3], 0), mask([2, 2], 0)]).size).toBe(4);
  });

  test('sends the gradient through the places that were kept', () => {
    const step = tf.scalar(3, 'int32');
    const drop = (x: tf.Tensor) => engine.ops.dropout(x, 0.4, [5, 6], step);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(drop(x)))(tf.ones([8, 4]));
    expectClose(gradient, [...dropoutFactors(32, 0.4, [5, 6], 3)]);
  });

  test('keeps everything at rate 0', () => {
    expect(new Set(dropoutFactors(1_000, 0, [1, 1], 0))).toEqual(new Set([1]));
  });
});

describe('uniform numbers', () => {
  test('fill [0, 1) evenly', () => {
    const size = 100_000;
    const numbers = uniformNumbers(size, [3, 4], 9).toSorted();
    expect(numbers[0]).toBeGreaterThanOrEqual(0);
    expect(numbers.at(-1)).toBeLessThan(1);
    // Kolmogorov and Smirnov: 1.95 / sqrt(n) is the 0.1 % point.
    const distance = numbers.reduce((worst, x, i) => Math.max(worst, Math.abs(x - i / size)), 0);
    expect(distance).toBeLessThan(1.95 / Math.sqrt(size));
  });

  test('are multiples of 2^-24, so that float32 holds them exactly', () => {
    const numbers = [...uniformNumbers(1_000, [3, 4], 9)];
    expect(numbers.every((x) => Number.isInteger(x * 2 ** 24))).toBe(true);
  });

  test('come in the shape asked for, others at every step', () => {
    const draw = (step: number) => engine.ops.randomUniform([2, 3], [5, 6], tf.scalar(step, 'int32'));
    expect(draw(0).shape).toEqual([2, 3]);
    expectClose(draw(1), [...uniformNumbers(6, [5, 6], 1)], 1e-12);
    expect(String(draw(1).dataSync())).not.toBe(String(draw(0).dataSync()));
  });
});

test('the bias of a map is added to every position', () => {
  expectClose(engine.ops.biasAdd(tf.zeros([2, 1, 2, 2]), tf.tensor1d([1, 2])), [1, 2, 1, 2, 1, 2, 1, 2]);
});
