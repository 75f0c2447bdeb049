import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LossKind, MetricName } from '../../shared/schema/training.ts';
import { portableOps } from '../engine/portable/ops.ts';
import type { PerExample, PredictionTask } from './measure.ts';
import { createLoss } from './losses.ts';
import { chooseMetrics } from './metrics.ts';

beforeAll(() => tf.setBackend('cpu'));

const threeClasses: PredictionTask = { classCount: 3, outputCount: 3 };
const binary: PredictionTask = { classCount: 2, outputCount: 1 };
const regression: PredictionTask = { classCount: 0, outputCount: 2 };

function measureOf(name: MetricName, loss: LossKind, task: PredictionTask): PerExample {
  return name === 'loss'
    ? createLoss(loss, task).perExample
    : chooseMetrics(loss, [name], task)[0]!.perExample;
}

function perExample(
  name: MetricName,
  loss: LossKind,
  task: PredictionTask,
  prediction: number[][],
  targets: Tensor,
): number[] {
  const values = measureOf(name, loss, task)(tf.tensor2d(prediction), targets, portableOps);
  expect(values.shape).toEqual([prediction.length]);
  return Array.from(values.dataSync());
}

const labels = (...values: number[]): Tensor => tf.tensor1d(values, 'int32');

function expectClose(found: readonly number[], expected: readonly number[]): void {
  found.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5 * (1 + expected[i]!)));
}

describe('softmax cross-entropies', () => {
  const kinds = ['sparse-softmax-cross-entropy', 'one-hot-softmax-cross-entropy'] as const;

  it.each(kinds)('%s is the logarithm of the sum less the label', (kind) => {
    const logits = [
      [1, 2, 3],
      [0, 0, 0],
    ];
    const found = perExample('loss', kind, threeClasses, logits, labels(0, 2));
    const sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    expectClose(found, [Math.log(sum) - 1, Math.log(3)]);
  });

  it.each(kinds)('%s stays finite for huge logits', (kind) => {
    const found = perExample('loss', kind, threeClasses, [[1e4, 0, -1e4]], labels(1));
    expectClose(found, [1e4]);
  });
});

describe('binary cross-entropy', () => {
  it('is -log of the probability of the label', () => {
    const p = 1 / (1 + Math.exp(-0.7));
    const found = perExample('loss', 'binary-cross-entropy', binary, [[0.7], [0.7]], labels(1, 0));
    expectClose(found, [-Math.log(p), -Math.log(1 - p)]);
  });

  it('keeps its digits where it is nearly 0, and stays finite where it is large', () => {
    const found = perExample('loss', 'binary-cross-entropy', binary, [[12], [-12], [200]], labels(1, 0, 0));
    const small = Math.log1p(Math.exp(-12));
    expect(found[0]! / small).toBeCloseTo(1, 4);
    expect(found[1]! / small).toBeCloseTo(1, 4);
    expect(found[2]).toBeCloseTo(200, 4);
  });

  it('has the gradient sigmoid(x) - label', () => {
    const loss = createLoss('binary-cross-entropy', binary);
    const gradient = tf.grad((x) => tf.sum(loss.perExample(x, labels(1, 0, 1), portableOps)))(
      tf.tensor2d([[0], [1.5], [-3]]),
    );
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    expectClose(Array.from(gradient.dataSync(), Math.abs), [0.5, sigmoid(1.5), 1 - sigmoid(-3)]);
  });
});

describe('squared and absolute error', () => {
  const prediction = [
    [1, 2],
    [3, -1],
  ];
  const targets = tf.tensor2d([
    [0, 4],
    [3, 1],
  ]);

  it('are means over the outputs', () => {
    expectClose(perExample('loss', 'mean-squared-error', regression, prediction, targets), [2.5, 2]);
    expectClose(perExample('loss', 'mean-absolute-error', regression, prediction, targets), [1.5, 1]);
  });

  it('compare with one-hot vectors, or with the label where there is one output', () => {
    expectClose(perExample('loss', 'mean-squared-error', threeClasses, [[0, 1, 0.5]], labels(2)), [1.25 / 3]);
    expectClose(
      perExample('loss', 'mean-absolute-error', binary, [[0.25], [0.25]], labels(0, 1)),
      [0.25, 0.75],
    );
  });
});

describe('accuracy', () => {
  it('takes the largest output', () => {
    const logits = [
      [1, 2, 0],
      [5, 2, 0],
    ];
    expect(
      perExample('accuracy', 'sparse-softmax-cross-entropy', threeClasses, logits, labels(1, 1)),
    ).toEqual([1, 0]);
  });

  it('takes the sign of a logit, and one half of a probability', () => {
    const outputs = [[0.2], [0.2], [-0.1]];
    expect(perExample('accuracy', 'binary-cross-entropy', binary, outputs, labels(1, 0, 0))).toEqual([
      1, 0, 1,
    ]);
    expect(perExample('accuracy', 'mean-squared-error', binary, outputs, labels(1, 0, 0))).toEqual([0, 1, 1]);
  });
});

describe('chooseMetrics', () => {
  it('leaves out the loss, repetitions and what the task does not have', () => {
    const asked = ['mean-absolute-error', 'loss', 'accuracy', 'mean-absolute-error'] as const;
    expect(chooseMetrics('mean-squared-error', asked, regression).map(({ name }) => name)).toEqual([
      'mean-absolute-error',
    ]);
  });

  it('takes the root of the mean over all examples, not of each', () => {
    const rmse = chooseMetrics('mean-absolute-error', ['root-mean-squared-error'], regression)[0]!;
    const squares = rmse.perExample(
      tf.tensor2d([
        [3, 3],
        [0, 0],
      ]),
      tf.zeros([2, 2]),
      portableOps,
    );
    expect(rmse.finish(tf.mean(squares).dataSync()[0]!)).toBeCloseTo(Math.sqrt(4.5), 6);
  });
});
