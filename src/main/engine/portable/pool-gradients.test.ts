import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openFallbackEngine } from './fallback-engine.ts';

/** Gradient by x [1, rows, columns, 1] of sum over outputs of (output number from 1) * output. */
function gradientOf(pool: (x: tf.Tensor4D) => tf.Tensor4D, rows: number[][]): number[] {
  const shape: [number, number, number, number] = [1, rows.length, rows[0]!.length, 1];
  const gradient = tf.tidy(() =>
    tf.grad((x: tf.Tensor) => {
      const y = pool(x as tf.Tensor4D);
      return tf.sum(tf.mul(y, tf.reshape(tf.range(1, y.size + 1), y.shape)));
    })(tf.tensor(rows.flat(), shape)),
  );
  const values = [...gradient.dataSync()];
  gradient.dispose();
  return values;
}

describe.each(['cpu', 'wasm'] as const)('gradients of pooling on the %s backend', (kind) => {
  test('send a maximum below zero back to its place, and add where windows overlap', async () => {
    const engine = await openFallbackEngine(kind);
    const rows = [
      [-4, -3, -9],
      [-5, -6, -8],
    ];
    const pool = (x: tf.Tensor4D) => tf.maxPool(x, [1, 2], 1, 'valid');
    expect(gradientOf(pool, rows)).toEqual([0, 3, 0, 3, 4, 0]);
    engine.dispose();
  });

  test('share an average among the places in the image, not those in the padding', async () => {
    const engine = await openFallbackEngine(kind);
    const rows = [[1, 2, 3]];
    const pool = (x: tf.Tensor4D) => tf.avgPool(x, [1, 2], [1, 2], 'same');
    // The second window covers the third column and one column of padding.
    expect(gradientOf(pool, rows)).toEqual([0.5, 0.5, 2]);
    engine.dispose();
  });
});
