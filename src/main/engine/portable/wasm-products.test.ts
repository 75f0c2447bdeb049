import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { openFallbackEngine } from './fallback-engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openFallbackEngine('wasm');
});
afterAll(() => engine.dispose());

/** Whole numbers, so that every order of summation gives the same. */
function wholeNumbers(shape: number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => ((i * 7) % 11) - 5),
    shape,
  );
}

function valuesOf(compute: () => tf.Tensor): { shape: number[]; values: number[] } {
  const result = tf.tidy(compute);
  const found = { shape: result.shape, values: [...result.dataSync()] };
  result.dispose();
  return found;
}

/** a [batch, m, k] times b [batch, k, n], by the definition. */
function multiply(a: number[][][], b: number[][][]): number[] {
  return a.flatMap((rows, n) =>
    rows.flatMap((row) =>
      b[n]![0]!.map((_, column) => row.reduce((sum, value, k) => sum + value * b[n]![k]![column]!, 0)),
    ),
  );
}

function flip(x: number[][][]): number[][][] {
  return x.map((rows) => rows[0]!.map((_, column) => rows.map((row) => row[column]!)));
}

describe('matrix products on the wasm backend', () => {
  test.each([
    { batch: 1, transposeA: false, transposeB: false },
    { batch: 1, transposeA: true, transposeB: false },
    { batch: 1, transposeA: false, transposeB: true },
    { batch: 2, transposeA: true, transposeB: true },
  ])('of $batch, transposed $transposeA and $transposeB', ({ batch, transposeA, transposeB }) => {
    const a = wholeNumbers(transposeA ? [batch, 3, 2] : [batch, 2, 3]);
    const b = wholeNumbers(transposeB ? [batch, 4, 3] : [batch, 3, 4]);
    const [left, right] = [a.arraySync() as number[][][], b.arraySync() as number[][][]];
    const expected = multiply(transposeA ? flip(left) : left, transposeB ? flip(right) : right);
    const found = valuesOf(() => tf.matMul(a, b, transposeA, transposeB));
    expect(found).toEqual({ shape: [batch, 2, 4], values: expected });
    tf.dispose([a, b]);
  });
});

describe('sums on the wasm backend', () => {
  test.each([
    { axes: [0, 1], keepDims: false, shape: [3], values: [-4, -2, 0] },
    { axes: [0, 1], keepDims: true, shape: [1, 1, 3], values: [-4, -2, 0] },
    { axes: [2], keepDims: false, shape: [2, 2], values: [-5, 5, -7, 1] },
    { axes: [0, 1, 2], keepDims: false, shape: [], values: [-6] },
  ])('over the axes $axes, kept $keepDims', ({ axes, keepDims, shape, values }) => {
    const x = tf.tensor3d([-5, 2, -2, 5, 1, -1, -6, -1, 0, 2, -4, 3], [2, 2, 3]);
    expect(valuesOf(() => tf.sum(x, axes, keepDims))).toEqual({ shape, values });
    x.dispose();
  });

  test('of integers stay integers', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32');
    const sum = tf.sum(x, 0);
    expect(sum.dtype).toBe('int32');
    expect([...sum.dataSync()]).toEqual([4, 6]);
    tf.dispose([x, sum]);
  });
});
