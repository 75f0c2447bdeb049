import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { putKernel, type Kernel } from './put-kernel.ts';

/**
 * Faster forms of two wasm kernels that every dense layer's gradient needs: tfjs hands a plain product of two
 * matrices to XNNPACK, but multiplies transposed ones in a loop 5 to 40 times slower, and sums over rows by
 * transposing first, some 15 times slower than a product with ones.
 */

/** Swaps the last two axes where asked. */
function transposeIf(asked: unknown, x: Tensor): Tensor {
  if (asked !== true) return x;
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

function makeMatMul(original: Kernel): Kernel {
  return (call) => {
    const { transposeA, transposeB } = call.attributes;
    if (transposeA !== true && transposeB !== true) return original(call);
    const [a, b] = [call.inputs['a']!, call.inputs['b']!];
    const inputs = { a: transposeIf(transposeA, a), b: transposeIf(transposeB, b) };
    const product = original({ ...call, inputs, attributes: { transposeA: false, transposeB: false } });
    if (inputs.a !== a) inputs.a.dispose();
    if (inputs.b !== b) inputs.b.dispose();
    return product;
  };
}

/** Is this a float32 sum over all axes but the last? */
function isSumOverRows(x: Tensor, axis: unknown): boolean {
  if (x.dtype !== 'float32' || x.rank < 2 || x.size === 0) return false;
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
  return axes.length === x.rank - 1 && !axes.includes(x.rank - 1);
}

function sumOverRows(x: Tensor, keepDims: boolean): Tensor {
  const channels = x.shape.at(-1)!;
  return tf.tidy(() => {
    const rows = tf.reshape(x, [-1, channels]);
    const sum = tf.matMul(tf.ones([1, rows.shape[0]]), rows);
    return tf.reshape(sum, keepDims ? [...x.shape.slice(0, -1).fill(1), channels] : [channels]);
  });
}

function makeSum(original: Kernel): Kernel {
  return (call) => {
    const { axis, keepDims } = call.attributes;
    const x = call.inputs['x']!;
    return isSumOverRows(x, axis) ? sumOverRows(x, keepDims === true) : original(call);
  };
}

/** Puts both in place. To be called before the backend starts. */
export function quickenWasmProducts(): void {
  putKernel('wasm', tf.BatchMatMul, (original) => makeMatMul(original!));
  putKernel('wasm', tf.Sum, (original) => makeSum(original!));
}
