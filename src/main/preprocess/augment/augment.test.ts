import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStream } from '../../../shared/random/stream.ts';
import { augmentationSpec, type AugmentationStep } from '../../../shared/schema/augmentation.ts';
import type { Engine } from '../../engine/engine.ts';
import { openFallbackEngine } from '../../engine/portable/fallback-engine.ts';
import type { AugmentedBatch } from './augmentation.ts';
import { checkAugmentation } from './check-augmentation.ts';
import { createAugmentation } from './create-augmentation.ts';

let engine: Engine;

interface Asked {
  readonly seed?: number;
  readonly step?: number;
}

function augment(spec: AugmentationStep[], x: tf.Tensor, { seed = 1, step = 0 }: Asked = {}): AugmentedBatch {
  const augmentation = createAugmentation(augmentationSpec.parse(spec), x.shape.slice(1), seed)!;
  return augmentation.apply(x, { ops: engine.ops, step: tf.scalar(step, 'int32') });
}

/** `count` images of noise. */
function noiseImages(count: number, height = 6, width = 6, channels = 1): tf.Tensor {
  const stream = openStream(8, 'generator', 'augment.test');
  const values = Float32Array.from({ length: count * height * width * channels }, () => stream.nextNormal());
  return tf.tensor(values, [count, height, width, channels]);
}

function numbersOf(x: tf.Tensor): number[] {
  return [...x.dataSync()];
}

/** Mean and standard deviation of many draws, against what they should be, within four standard errors. */
function expectMoments(draws: readonly number[], mean: number, deviation: number): void {
  const found = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - found) ** 2, 0) / draws.length;
  expect(Math.abs(found - mean)).toBeLessThan((4 * deviation) / Math.sqrt(draws.length));
  expect(Math.abs(Math.sqrt(variance) / deviation - 1)).toBeLessThan(0.05);
}

beforeAll(async () => {
  engine = await openFallbackEngine('cpu');
});
afterAll(() => engine.dispose());
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const everyKind: AugmentationStep[] = [
  { kind: 'crop', padding: 2 },
  { kind: 'flip', axis: 'horizontal', probability: 0.5 },
  { kind: 'brightness', amount: 0.2 },
  { kind: 'contrast', amount: 0.2 },
  { kind: 'cutout', size: 2 },
  { kind: 'cutmix', alpha: 1, probability: 1 },
  { kind: 'noise', standardDeviation: 0.1 },
];

describe('an augmentation', () => {
  it('is a function of seed and step', () => {
    const x = noiseImages(4);
    const first = numbersOf(augment(everyKind, x).x);
    expect(numbersOf(augment(everyKind, x).x)).toEqual(first);
    expect(numbersOf(augment(everyKind, x, { step: 1 }).x)).not.toEqual(first);
    expect(numbersOf(augment(everyKind, x, { seed: 2 }).x)).not.toEqual(first);
  });

  it('changes an example by its position alone, whatever the size of the batch', () => {
    const steps = everyKind.filter(({ kind }) => kind !== 'cutmix');
    const x = noiseImages(8);
    const whole = augment(steps, x).x;
    const half = augment(steps, tf.slice(x, 0, 4)).x;
    expect(numbersOf(half)).toEqual(numbersOf(tf.slice(whole, 0, 4)));
  });

  it('keeps the numbers of a step when another is put behind it', () => {
    const x = noiseImages(4);
    const brighten: AugmentationStep = { kind: 'brightness', amount: 1 };
    const mirror: AugmentationStep = { kind: 'flip', axis: 'horizontal', probability: 1 };
    const alone = augment([brighten], x).x;
    const followed = augment([brighten, mirror], x).x;
    expect(numbersOf(tf.reverse(followed, 2))).toEqual(numbersOf(alone));
  });

  it('gives two steps of one kind different numbers', () => {
    const brighten: AugmentationStep = { kind: 'brightness', amount: 1 };
    const once = numbersOf(augment([brighten], tf.zeros([50, 1, 1, 1])).x);
    const twice = numbersOf(augment([brighten, brighten], tf.zeros([50, 1, 1, 1])).x);
    expect(twice.some((value, i) => Math.abs(value - 2 * once[i]!) > 0.1)).toBe(true);
  });

  it('leaves the input alive and no tensors behind but its result', () => {
    const x = noiseImages(4);
    const step = tf.scalar(0, 'int32');
    const augmentation = createAugmentation(augmentationSpec.parse(everyKind), [6, 6, 1], 1)!;
    const before = tf.memory().numTensors;
    const { x: changed, mix } = augmentation.apply(x, { ops: engine.ops, step });
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([changed, mix!.partner, mix!.share]);
    expect(numbersOf(x)).toHaveLength(4 * 36);
  });

  it('lets gradients of weights pass by', () => {
    const x = noiseImages(4);
    const sumOf = (w: tf.Tensor) => tf.sum(tf.mul(augment(everyKind, x).x, w));
    const gradient = tf.grad(sumOf)(tf.ones([6, 6, 1]));
    const expected = numbersOf(tf.sum(augment(everyKind, x).x, 0));
    numbersOf(gradient).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  it('is null without steps, and refuses rows of numbers and two mixing steps', () => {
    expect(createAugmentation([], [2], 1)).toBeNull();
    expect(() => createAugmentation([{ kind: 'contrast', amount: 0.1 }], [2], 1)).toThrow(/shape \[2\]/);
    const mixing: AugmentationStep[] = [
      { kind: 'mixup', alpha: 1, probability: 1 },
      { kind: 'cutmix', alpha: 1, probability: 1 },
    ];
    expect(() => createAugmentation(mixing, [6, 6, 1], 1)).toThrow(/only one step/);
  });

  it('says that XLA cannot compile what moves pixels, and that mixing needs the whole batch', () => {
    const facts = (step: AugmentationStep) => {
      const { needsGraph, separable } = createAugmentation([step], [6, 6, 1], 1)!;
      return { needsGraph, separable };
    };
    expect(facts({ kind: 'shift', pixels: 1 })).toEqual({ needsGraph: true, separable: true });
    expect(facts({ kind: 'noise', standardDeviation: 1 })).toEqual({ needsGraph: false, separable: true });
    expect(facts({ kind: 'mixup', alpha: 1, probability: 1 })).toEqual({
      needsGraph: false,
      separable: false,
    });
  });
});

describe('over many draws', () => {
  const COUNT = 4_000;

  it('rotation turns by angles uniform between its limits', () => {
    // One bright pixel right of the middle of a 5 x 5 image, spread by the interpolation; its centre of mass turns.
    const bright = Array.from({ length: 25 }, (_, i) => (i === 2 * 5 + 4 ? 1 : 0));
    const image = tf.tensor4d(bright, [1, 5, 5, 1]);
    const turned = augment([{ kind: 'rotation', degrees: 20 }], tf.tile(image, [COUNT, 1, 1, 1])).x;
    const values = turned.dataSync();
    const angles = Array.from({ length: COUNT }, (_, n) => {
      let [right, up] = [0, 0];
      for (let i = 0; i < 25; i++) {
        right += values[n * 25 + i]! * ((i % 5) - 2);
        up += values[n * 25 + i]! * (2 - Math.floor(i / 5));
      }
      return (Math.atan2(up, right) * 180) / Math.PI;
    });
    expect(Math.max(...angles.map(Math.abs))).toBeLessThan(25);
    expect(Math.abs(angles.reduce((sum, angle) => sum + angle, 0) / COUNT)).toBeLessThan(0.8);
    expect(angles.filter((angle) => angle > 10).length / COUNT).toBeGreaterThan(0.2);
    expect(angles.filter((angle) => angle < -10).length / COUNT).toBeGreaterThan(0.2);
  });

  it('shift reaches each of its offsets about equally often', () => {
    // The value of a pixel tells where it came from.
    const image = tf.reshape(tf.range(0, 25, 1, 'float32'), [1, 5, 5, 1]);
    const moved = augment([{ kind: 'shift', pixels: 1 }], tf.tile(image, [COUNT, 1, 1, 1])).x.dataSync();
    const counts = new Map<number, number>();
    for (let n = 0; n < COUNT; n++) {
      const source = moved[n * 25 + 12]!;
      counts.set(source, (counts.get(source) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
    const expected = COUNT / 9;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // The 0.1 % point of chi-square with 8 degrees of freedom.
    expect(chiSquare).toBeLessThan(26.12);
  });

  it('flip happens with its probability', () => {
    const image = tf.tensor4d([1, 0], [1, 1, 2, 1]);
    const spec: AugmentationStep[] = [{ kind: 'flip', axis: 'horizontal', probability: 0.3 }];
    const left = numbersOf(augment(spec, tf.tile(image, [COUNT, 1, 1, 1])).x).filter((_, i) => i % 2 === 0);
    expect(new Set(left)).toEqual(new Set([0, 1]));
    const flipped = left.filter((value) => value === 0).length / COUNT;
    expect(Math.abs(flipped - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / COUNT));
  });

  it('brightness is uniform, contrast too, and noise is normal and differs from value to value', () => {
    const brightness = augment([{ kind: 'brightness', amount: 2 }], tf.zeros([COUNT, 1, 1, 1])).x;
    // A uniform number between -a and a has the deviation a / sqrt(3).
    expectMoments(numbersOf(brightness), 0, 2 / Math.sqrt(3));
    const image = tf.tile(tf.tensor4d([-1, 3], [1, 1, 2, 1]), [COUNT, 1, 1, 1]);
    const contrast = numbersOf(augment([{ kind: 'contrast', amount: 0.5 }], image).x);
    expectMoments(
      contrast.filter((_, i) => i % 2 === 1).map((value) => (value - 1) / 2),
      1,
      0.5 / Math.sqrt(3),
    );
    const noise = numbersOf(
      augment([{ kind: 'noise', standardDeviation: 0.7 }], tf.zeros([COUNT, 1, 3, 1])).x,
    );
    expectMoments(noise, 0, 0.7);
    const cubes = noise.map((value) => (value / 0.7) ** 4);
    // A normal number's fourth moment is 3.
    expect(Math.abs(cubes.reduce((sum, cube) => sum + cube, 0) / noise.length - 3)).toBeLessThan(0.4);
    expect(new Set(noise).size).toBeGreaterThan(noise.length * 0.99);
  });

  it('cutmix keeps as much of an image as its share says, from one other image', () => {
    const batch = 40;
    const marks = tf.reshape(tf.range(0, batch, 1, 'float32'), [batch, 1, 1, 1]);
    const { x, mix } = augment([{ kind: 'cutmix', alpha: 1, probability: 1 }], tf.tile(marks, [1, 8, 8, 1]));
    const [values, share, partner] = [x.dataSync(), mix!.share.dataSync(), mix!.partner.dataSync()];
    for (let n = 0; n < batch; n++) {
      const image = values.subarray(n * 64, (n + 1) * 64);
      expect(partner[n]).not.toBe(n);
      expect(image.every((value) => value === n || value === partner[n])).toBe(true);
      expect(image.filter((value) => value === n).length / 64).toBeCloseTo(share[n]!, 6);
    }
    expect(new Set(partner).size).toBe(batch);
  });

  it('mixes only the share of examples that probability says', () => {
    const spec: AugmentationStep[] = [{ kind: 'mixup', alpha: 1, probability: 0.25 }];
    const share = numbersOf(augment(spec, tf.zeros([COUNT, 1, 1, 1])).mix!.share);
    const mixed = share.filter((value) => value < 1).length / COUNT;
    expect(Math.abs(mixed - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / COUNT));
  });

  it('shares stay in [0, 1] for the smallest and the largest alpha', () => {
    for (const alpha of [1e-6, 0.01, 100]) {
      const { mix } = augment([{ kind: 'mixup', alpha, probability: 1 }], tf.zeros([COUNT, 1, 1, 1]));
      expect(numbersOf(mix!.share).every((share) => share >= 0 && share <= 1)).toBe(true);
    }
  });
});

it('a batch of one has no other image and stays as it is under mixup', () => {
  const x = noiseImages(1);
  const { x: same, mix } = augment([{ kind: 'mixup', alpha: 1, probability: 1 }], x);
  expect(numbersOf(same)).toEqual(numbersOf(x));
  expect(numbersOf(mix!.partner)).toEqual([0]);
});

describe('checkAugmentation', () => {
  const images = { name: 'Digits', featureShape: [16, 12, 1], task: 'classification' as const };

  it.each([
    [{ kind: 'shift', pixels: 12 } as const, 'augmentation.0.pixels'],
    [{ kind: 'crop', padding: 12 } as const, 'augmentation.0.padding'],
    [{ kind: 'cutout', size: 16 } as const, 'augmentation.0.size'],
  ])('finds pixels that would take all of an image away: %o', (step, path) => {
    expect(checkAugmentation([step], images)).toMatchObject([{ path }]);
  });

  it('lets sizes pass that leave something', () => {
    const steps: AugmentationStep[] = [
      { kind: 'shift', pixels: 11 },
      { kind: 'crop', padding: 11 },
      { kind: 'cutout', size: 15 },
      { kind: 'mixup', alpha: 1, probability: 1 },
    ];
    expect(checkAugmentation(steps, images)).toEqual([]);
  });

  it('wants images, classes to mix, and one step that mixes them', () => {
    const mixup: AugmentationStep = { kind: 'mixup', alpha: 1, probability: 1 };
    const points = { ...images, featureShape: [2] };
    expect(checkAugmentation([mixup], points)).toMatchObject([{ path: 'augmentation' }]);
    expect(checkAugmentation([mixup], { ...images, task: 'regression' })).toMatchObject([
      { path: 'augmentation.0', message: expect.stringContaining('regression') },
    ]);
    expect(checkAugmentation([mixup, { ...mixup, kind: 'cutmix' }], images)).toMatchObject([
      { path: 'augmentation.1' },
    ]);
    expect(checkAugmentation([], points)).toEqual([]);
  });
});
