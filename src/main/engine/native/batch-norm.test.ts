import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheDirectory } from '../../host/paths.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../index.ts';

const SHAPE: [number, number, number, number] = [4, 3, 3, 2];

let engine: Engine;
beforeAll(async () => {
  const options = { choice: 'tensorflow', threads: 2, device: 'cpu' } as const;
  ({ engine } = await openEngine(options, cacheDirectory(), null));
});
afterAll(() => engine.dispose());

/** The gradient of a bias, with or without a batch normalisation after it. */
function biasGradient(normalise: boolean): Float32Array {
  return tf.tidy(() => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 72 }, (_, i) => Math.sin(i)),
      SHAPE,
    );
    const loss = (bias: Tensor): Tensor => {
      const sum = engine.ops.biasAdd(x, bias);
      const ones = tf.ones([2]);
      const y = normalise ? engine.ops.batchNormTraining(sum, ones, tf.zeros([2]), 1e-5).normalised : sum;
      return tf.mean(tf.square(tf.sub(y, 1)));
    };
    return tf
      .grad(loss)(tf.tensor1d([0.5, -0.5]))
      .dataSync() as Float32Array;
  });
}

describe('a bias before a batch normalisation, which takes it away again', () => {
  it('has no gradient, not even of rounding errors', () => {
    expect([...biasGradient(true)]).toEqual([0, 0]);
    expect(biasGradient(false).every((value) => Math.abs(value) > 0.1)).toBe(true);
  });
});
