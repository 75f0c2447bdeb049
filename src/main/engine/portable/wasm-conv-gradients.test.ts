import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openFallbackEngine } from './fallback-engine.ts';

const cases = [
  { name: 'one step at a time, padded', input: [7, 6], filter: [3, 3], strides: [1, 1], pad: 'same' },
  { name: 'one step at a time, not padded', input: [7, 6], filter: [3, 2], strides: [1, 1], pad: 'valid' },
  { name: 'strides that leave rows unused', input: [8, 9], filter: [3, 3], strides: [2, 3], pad: 'valid' },
  { name: 'strides with padding', input: [8, 7], filter: [3, 5], strides: [2, 2], pad: 'same' },
  { name: 'strides beyond the filter', input: [9, 9], filter: [1, 2], strides: [3, 3], pad: 'same' },
  {
    name: 'an even filter, padded on one side more',
    input: [5, 5],
    filter: [4, 4],
    strides: [1, 1],
    pad: 'same',
  },
  { name: 'a filter as large as the input', input: [4, 4], filter: [4, 4], strides: [1, 1], pad: 'valid' },
] as const;

function wave(shape: number[], frequency: number): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) =>
    Math.sin(frequency * (i + 1)),
  );
}

/** Gradients of sum(weight * conv(x, f)) by x and f on the current backend. */
async function gradients(spec: (typeof cases)[number]): Promise<Float32Array[]> {
  const xShape: [number, number, number, number] = [2, ...spec.input, 3];
  const fShape: [number, number, number, number] = [...spec.filter, 3, 4];
  const x = tf.tensor4d(wave(xShape, 1.3), xShape);
  const f = tf.tensor4d(wave(fShape, 0.7), fShape);
  const found = tf.tidy(() =>
    tf.grads((a: tf.Tensor, b: tf.Tensor) => {
      const y = tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, [...spec.strides], spec.pad);
      return tf.sum(tf.mul(y, tf.tensor(wave(y.shape, 2.1), y.shape)));
    })([x, f]),
  );
  const values = await Promise.all(found.map((gradient) => gradient.data()));
  tf.dispose([x, f, ...found]);
  return values as Float32Array[];
}

describe('gradients of convolution on the wasm backend', () => {
  const expected = new Map<string, Float32Array[]>();

  test('equal those of the cpu backend, whose kernels are plain loops', async () => {
    const cpu = await openFallbackEngine('cpu');
    for (const spec of cases) expected.set(spec.name, await gradients(spec));
    cpu.dispose();
    const wasm = await openFallbackEngine('wasm');
    for (const spec of cases) {
      const found = await gradients(spec);
      expected.get(spec.name)!.forEach((reference, part) => {
        const scale = Math.max(...reference.map(Math.abs));
        const error = Math.max(...reference.map((value, i) => Math.abs(value - found[part]![i]!)));
        expect(error / scale, `${spec.name}, part ${part}`).toBeLessThan(1e-5);
        expect(found[part]).toHaveLength(reference.length);
      });
    }
    expect(wasm.memory().tensors).toBe(0);
    wasm.dispose();
  });
});
