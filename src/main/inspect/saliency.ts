import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { forwardInference } from '../model/index.ts';
import { classLogit, type HeadAsked } from './class-logit.ts';
import { planeOf } from './image-plane.ts';
import type { OpenNet } from './open-net.ts';
import { computeNumbers } from './read-numbers.ts';

/** Largest absolute value over the channels of each pixel; `values` [pixels, channels] flat. */
function largestOfChannels(values: Float32Array, channels: number): Float32Array<ArrayBuffer> {
  const largest = new Float32Array(values.length / channels);
  values.forEach((value, i) => {
    const pixel = Math.floor(i / channels);
    largest[pixel] = Math.max(largest[pixel]!, Math.abs(value));
  });
  return largest;
}

/**
 * |d logit / d prepared input|, the largest over the channels of each pixel (Simonyan et al. 2013). [height, width] flat.
 * @param x one prepared example, [1, ...example]; borrowed
 */
export function computeSaliency(
  { plan, context }: OpenNet,
  x: Tensor,
  { head, index }: HeadAsked,
  classIndex: number,
): Float32Array<ArrayBuffer> {
  const logit = (input: Tensor): Tensor =>
    tf.sum(classLogit(head, forwardInference(plan, input, context)[index]!, classIndex));
  const gradient = computeNumbers(() => tf.grad(logit)(x));
  return largestOfChannels(gradient, planeOf(plan.inputShape).channels);
}
