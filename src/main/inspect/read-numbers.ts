import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A tensor's elements, flat; a copy. */
export function readNumbers(tensor: Tensor): Float32Array {
  return tensor.dataSync<'float32'>();
}

/**
 * The elements of what is computed, each flat, with every tensor of the computation given back. (tfjs walks through each
 * element of an array that a tidy returns, which can take longer than the computation.)
 */
export function computeAll(compute: () => readonly Tensor[]): Float32Array[] {
  let numbers: Float32Array[] = [];
  tf.tidy(() => {
    numbers = compute().map(readNumbers);
  });
  return numbers;
}

/** {@link computeAll} of one tensor. */
export function computeNumbers(compute: () => Tensor): Float32Array {
  return computeAll(() => [compute()])[0]!;
}
