import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { portableOps } from '../../src/main/engine/portable/ops.ts';
import type { LossOptions } from '../../src/main/metrics/losses.ts';
import { chooseMetrics } from '../../src/main/metrics/metrics.ts';
import {
  createObjective,
  evaluationSums,
  headLosses,
  type MixedBatch,
  type Objective,
} from '../../src/main/metrics/objective.ts';
import { planModel, resolveHeads } from '../../src/main/model/index.ts';
import { fitPreprocessing } from '../../src/main/preprocess/index.ts';
import { createClipping } from '../../src/main/training/gradient-clipping.ts';
import { modelSpec } from '../../src/shared/schema/model.ts';
import { gradientClipping, type LossKind } from '../../src/shared/schema/training.ts';
import { targetOf } from './step-kit.ts';

beforeAll(() => tf.setBackend('cpu'));

const TOLERANCE = 2e-6;

const numbers = z.array(z.number());
const lossCase = z.object({
  name: z.string(),
  outputs: z.int(),
  prediction: numbers,
  targets: numbers,
  loss: z.number(),
  gradient: numbers,
  classWeights: numbers.nullable().default(null),
  labelSmoothing: z.number().default(0),
  mix: z.object({ partners: numbers, share: z.number() }).nullable().default(null),
});
type LossCase = z.infer<typeof lossCase>;

const stored = z
  .strictObject({
    torch: z.string(),
    softmax: z.array(lossCase),
    gaussian: lossCase,
    binary: lossCase,
    clipping: z.array(
      z.strictObject({
        clipping: gradientClipping,
        gradients: z.record(z.string(), numbers),
        clipped: z.record(z.string(), numbers),
      }),
    ),
    topFive: z.strictObject({ classCount: z.int(), scores: numbers, labels: numbers, right: numbers }),
  })
  .parse(JSON.parse(readFileSync(new URL('losses.json', import.meta.url), 'utf8')));

/** The objective of a plain net with one head. */
function objectiveOf(loss: LossKind, outputs: number, classCount: number, options: LossOptions): Objective {
  const plan = planModel(modelSpec.parse({ layers: [{ kind: 'dense', units: outputs }] }), [3]);
  const heads = resolveHeads(plan, loss, { name: 'stored', targets: [targetOf('target', classCount)] });
  const data = { features: { shape: [1, 3], values: new Float32Array(3) }, targets: [new Int32Array(1)] };
  const { target } = fitPreprocessing([], data, Int32Array.of(0));
  return createObjective(heads, { ...options, metrics: [], target });
}

function targetsOf({ targets }: LossCase, classCount: number): Tensor {
  return classCount === 0 ? tf.tensor2d(targets, [targets.length, 1]) : tf.tensor1d(targets, 'int32');
}

function batchOf(stored: LossCase, prediction: Tensor, classCount: number): MixedBatch {
  const { mix, targets } = stored;
  const shares = mix && {
    partner: tf.tensor1d(mix.partners, 'int32'),
    share: tf.fill([targets.length], mix.share),
  };
  return {
    predictions: [prediction],
    targets: [targetsOf(stored, classCount)],
    mix: shares,
    ops: portableOps,
  };
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(found).toHaveLength(expected.length);
  const errors = expected.map((value, i) => Math.abs(value - found[i]!) / scale);
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
}

function expectPyTorch(loss: LossKind, classCount: number, stored: LossCase): void {
  const objective = objectiveOf(loss, stored.outputs, classCount, stored);
  const prediction = tf.tensor2d(stored.prediction, [stored.targets.length, stored.outputs]);
  const lossOf = (x: Tensor): tf.Scalar =>
    headLosses(objective, batchOf(stored, x, classCount))[0]!.asScalar();
  const { value, grad } = tf.valueAndGrad(lossOf)(prediction);
  expectClose(value.dataSync(), [stored.loss]);
  expectClose(grad.dataSync(), stored.gradient);
}

describe.each(['sparse-softmax-cross-entropy', 'one-hot-softmax-cross-entropy'] as const)('%s', (kind) => {
  test.each(stored.softmax)('$name: the batch loss and its gradient are those of PyTorch', (each) => {
    expectPyTorch(kind, each.outputs, each);
  });

  test.each(stored.softmax.filter(({ mix }) => mix === null))(
    '$name: evaluated in two batches it comes to the same',
    (each) => {
      const objective = objectiveOf(kind, each.outputs, each.outputs, each);
      const examples = each.targets.length;
      const weights = each.classWeights ?? each.prediction.slice(0, each.outputs).fill(1);
      const total = each.targets.reduce((sum, label) => sum + weights[label]!, 0);
      const sumOf = (from: number, to: number): number => {
        const rows = each.prediction.slice(from * each.outputs, to * each.outputs);
        const batch = {
          predictions: [tf.tensor2d(rows, [to - from, each.outputs])],
          targets: [tf.tensor1d(each.targets.slice(from, to), 'int32')],
          ops: portableOps,
        };
        const [sum] = evaluationSums(objective, batch, tf.ones([to - from]), [examples / total]);
        return sum!.dataSync()[0]!;
      };
      expectClose([(sumOf(0, 4) + sumOf(4, examples)) / examples], [each.loss]);
    },
  );
});

test('the Gaussian negative log-likelihood and its gradient are those of GaussianNLLLoss', () => {
  expectPyTorch('gaussian-negative-log-likelihood', 0, stored.gaussian);
});

test('a weighted binary cross-entropy is divided by the sum of the weights', () => {
  expectPyTorch('binary-cross-entropy', 2, stored.binary);
});

test.each(stored.clipping)('gradients clipped by $clipping are those of PyTorch', (each) => {
  const gradients = Object.fromEntries(
    Object.entries(each.gradients).map(([name, values]) => [name, tf.tensor1d(values)]),
  );
  const clipped = createClipping(each.clipping)!(gradients);
  for (const [name, expected] of Object.entries(each.clipped)) {
    expectClose(clipped[name]!.dataSync(), expected);
  }
});

test('gradients that are not to be clipped are left to the optimizer as they are', () => {
  expect(createClipping(null)).toBeUndefined();
});

test('the right class is among the first five where PyTorch has it among the top five', () => {
  const { classCount, scores, labels, right } = stored.topFive;
  const task = { classCount, outputCount: classCount };
  const [metric] = chooseMetrics('sparse-softmax-cross-entropy', ['top-5-accuracy'], task);
  const prediction = tf.tensor2d(scores, [labels.length, classCount]);
  const found = metric!.perExample(prediction, tf.tensor1d(labels, 'int32'), portableOps);
  expect([...found.dataSync()]).toEqual(right);
  expect(new Set(right).size).toBe(2);
});
