import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine, TrainingStep } from '../../src/main/engine/engine.ts';
import { createAugmentation } from '../../src/main/preprocess/index.ts';
import { openStream } from '../../src/shared/random/stream.ts';
import { augmentationSpec } from '../../src/shared/schema/augmentation.ts';
import { openTestEngine } from './engines.ts';
import { augmentByLoops } from './float64/augmentation.ts';

const SEED = 5;
const STEP = 3;
const BATCH = 32;
const SHAPE = [5, 4, 1] as const;
const SIZE = 20;

const stream = openStream(1, 'generator', 'augmentation-shards.test');
const noise = (): Float32Array => Float32Array.from({ length: BATCH * SIZE }, () => stream.nextNormal());
const values = noise();
/** Weighs each value of each example differently, so that one sum tells whether all are right. */
const weights = noise();

const spec = augmentationSpec.parse([
  { kind: 'crop', padding: 1 },
  { kind: 'flip' },
  { kind: 'rotation', degrees: 30 },
  { kind: 'brightness', amount: 0.5 },
  { kind: 'noise', standardDeviation: 0.5 },
  { kind: 'cutout', size: 2 },
]);

let engine: Engine;
beforeAll(async () => {
  engine = await openTestEngine('tensorflow', { batchSize: BATCH, hasConvolutions: true, separable: true });
});
afterAll(() => engine.dispose());

/** The weighted mean of the augmented batch, as a step whose batch may be computed in shards. */
function weighingStep(seen: number[]): TrainingStep {
  const augmentation = createAugmentation(spec, SHAPE, SEED)!;
  expect(augmentation.separable).toBe(true);
  return {
    state: [{ name: 'w', role: 'parameter', shape: [1], values: Float32Array.of(0) }],
    inputs: [
      { name: 'x', shape: [BATCH, ...SHAPE], values },
      { name: 'weights', shape: [BATCH, ...SHAPE], values: weights },
    ],
    scalarNames: [],
    metricNames: ['sum'],
    separable: true,
    update: {
      slots: [],
      apply: ({ parameter }) => ({ parameter: tf.clone(parameter), slots: [] }),
      fused: null,
    },
    run: ({ ops, step, batch, share }) => {
      const x = batch['x']!;
      seen.push(x.shape[0]);
      const mean = tf.tidy(() => {
        const changed = augmentation.apply(x, { ops, step }).x;
        return tf.mul(tf.mean(tf.mul(changed, batch['weights']!)), share);
      });
      return { gradients: { w: tf.zeros([1]) }, buffers: {}, metrics: [mean] };
    },
  };
}

test('a batch in shards gets the numbers that the whole batch would get', async () => {
  const seen: number[] = [];
  const program = await engine.createTrainingProgram(weighingStep(seen), {
    batchSize: BATCH,
    plannedSteps: 100,
    hasConvolutions: true,
    executor: 'graph',
    stepsPerCall: 1,
  });
  const indices = Int32Array.from({ length: BATCH }, (_, i) => i);
  const call = { indices, batchSize: BATCH, steps: 1, scalars: {}, firstStep: STEP };
  const [found] = await program.run(call);
  program.dispose();
  expect(seen).toContain(BATCH / 2);
  const images = {
    shape: [BATCH, ...SHAPE] as const,
    values: Float64Array.from(values),
    partner: [],
    share: [],
  };
  const expected = augmentByLoops(spec, images, SEED, STEP).values;
  const mean = expected.reduce((sum, value, i) => sum + value * weights[i]!, 0) / expected.length;
  expect(Math.abs(found! - mean)).toBeLessThan(1e-6);
});
