import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Engine, TrainingStep } from '../../src/main/engine/engine.ts';
import { createAugmentation, type RandomSource } from '../../src/main/preprocess/index.ts';
import { openStream } from '../../src/shared/random/stream.ts';
import { augmentationSpec, type AugmentationSpec } from '../../src/shared/schema/augmentation.ts';
import { engineCases, openTestEngine } from './engines.ts';
import { augmentByLoops, type Images } from './float64/augmentation.ts';

const SEED = 77;
const TOLERANCE = 1e-5;
const [BATCH, HEIGHT, WIDTH, CHANNELS] = [6, 7, 5, 3];
const SIZE = HEIGHT * WIDTH * CHANNELS;

const stream = openStream(1, 'generator', 'augmentation.test');
const values = Float32Array.from({ length: BATCH * SIZE }, () => stream.nextNormal());
const images: Images = {
  shape: [BATCH, HEIGHT, WIDTH, CHANNELS],
  values: Float64Array.from(values),
  partner: Array.from({ length: BATCH }, (_, n) => n),
  share: new Array<number>(BATCH).fill(1),
};

const specs: readonly AugmentationSpec[] = [
  [{ kind: 'rotation' as const, degrees: 20 }],
  [{ kind: 'shift' as const, pixels: 2 }],
  [{ kind: 'crop' as const, padding: 3 }],
  [{ kind: 'flip' as const }],
  [{ kind: 'flip' as const, axis: 'vertical' as const, probability: 0.7 }],
  [{ kind: 'brightness' as const, amount: 0.3 }],
  [{ kind: 'contrast' as const, amount: 0.5 }],
  [{ kind: 'noise' as const, standardDeviation: 0.2 }],
  [{ kind: 'cutout' as const, size: 3 }],
  [{ kind: 'cutmix' as const }],
  [{ kind: 'cutmix' as const, alpha: 0.3, probability: 0.5 }],
  [{ kind: 'mixup' as const }],
  [{ kind: 'mixup' as const, alpha: 4, probability: 0.5 }],
  [{ kind: 'crop' as const, padding: 2 }, { kind: 'flip' as const }],
  [
    { kind: 'shift' as const, pixels: 1 },
    { kind: 'rotation' as const, degrees: 90 },
    { kind: 'flip' as const },
    { kind: 'brightness' as const, amount: 0.1 },
    { kind: 'shift' as const, pixels: 1 },
    { kind: 'mixup' as const, alpha: 1 },
    { kind: 'noise' as const, standardDeviation: 0.1 },
  ],
].map((spec) => augmentationSpec.parse(spec));

const describeSpec = (spec: AugmentationSpec) => spec.map(({ kind }) => kind).join(', ');

/** Keeps what the augmentation made in buffers, to be read back. */
function augmentingStep(spec: AugmentationSpec): TrainingStep {
  const augmentation = createAugmentation(spec, images.shape.slice(1), SEED)!;
  const buffer = (name: string, shape: readonly number[], initial: readonly number[]) => ({
    name,
    role: 'buffer' as const,
    shape,
    values: Float32Array.from(initial),
  });
  return {
    state: [
      buffer('x', images.shape, [...values]),
      buffer('partner', [BATCH], images.partner),
      buffer('share', [BATCH], images.share),
    ],
    inputs: [{ name: 'x', shape: images.shape, values }],
    scalarNames: [],
    metricNames: ['nothing'],
    update: { slots: [], apply: ({ parameter }) => ({ parameter, slots: [] }), fused: null },
    run({ ops, step, batch }) {
      const { x, mix } = augmentation.apply(batch['x']!, { ops, step });
      const mixed: Record<string, tf.Tensor> =
        mix === null ? {} : { partner: tf.cast(mix.partner, 'float32'), share: mix.share };
      return { gradients: {}, buffers: { x, ...mixed }, metrics: [tf.scalar(0)] };
    },
  };
}

function worst(found: Float32Array, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
}

describe.each(engineCases)('augmentation on the $kind engine, $executor executor', ({ kind, executor }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  const possible = specs.filter(
    (spec) => executor !== 'xla' || !createAugmentation(spec, images.shape.slice(1), SEED)!.needsGraph,
  );
  test.each(possible.map((spec) => [describeSpec(spec), spec] as const))(
    '%s is what plain loops in float64 make of the same numbers, at every step',
    async (_, spec) => {
      const program = await engine.createTrainingProgram(augmentingStep(spec), {
        batchSize: BATCH,
        plannedSteps: 3,
        hasConvolutions: false,
        executor,
        stepsPerCall: 1,
      });
      const indices = Int32Array.from(images.partner);
      for (const firstStep of [0, 1, 70_000]) {
        await program.run({ indices, batchSize: BATCH, steps: 1, scalars: {}, firstStep });
        const [x, partner, share] = await program.readState();
        const expected = augmentByLoops(spec, images, SEED, firstStep);
        expect([...partner!.values]).toEqual(expected.partner);
        expect(worst(share!.values, expected.share)).toBeLessThan(TOLERANCE);
        expect(worst(x!.values, expected.values)).toBeLessThan(TOLERANCE);
      }
      program.dispose();
    },
  );
});

const numbers = z.array(z.number());
const stored = z
  .strictObject({
    scipy: z.string(),
    shape: z.tuple([z.int(), z.int(), z.int()]),
    image: numbers,
    cases: z.array(z.strictObject({ degrees: z.number(), turned: numbers })),
  })
  .parse(JSON.parse(readFileSync(new URL('rotation.json', import.meta.url), 'utf8')));

const eagerCases = engineCases.filter(({ executor }) => executor === 'eager');

describe.each(eagerCases)('rotation on the $kind engine', ({ kind }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openTestEngine(kind);
  });
  afterAll(() => engine.dispose());

  test.each(stored.cases)("by $degrees degrees is scipy's", ({ degrees, turned }) => {
    // At 1 the angle is the largest, which the real numbers never quite reach.
    const largest: RandomSource = { randomUniform: (shape) => tf.ones([...shape]) };
    const limit = Math.abs(degrees);
    const smallest: RandomSource = { randomUniform: (shape) => tf.zeros([...shape]) };
    const augmentation = createAugmentation([{ kind: 'rotation', degrees: limit }], stored.shape, SEED)!;
    const found = tf.tidy(() => {
      const ops = degrees < 0 ? smallest : largest;
      // The second image must be turned too.
      const x = tf.tensor([...stored.image, ...stored.image], [2, ...stored.shape]);
      return augmentation.apply(x, { ops, step: tf.scalar(0, 'int32') }).x;
    });
    expect(worst(found.dataSync() as Float32Array, [...turned, ...turned])).toBeLessThan(TOLERANCE);
    found.dispose();
  });
});
