import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { putKernel } from './put-kernel.ts';

/**
 * Gradients of convolution written as convolutions, for tfjs's wasm backend: it has no kernel for the filter's,
 * and its own for the input's is a plain loop, about five times slower than this.
 */

type ConvInfo = tf.backend_util.Conv2DInfo;
type Shape4D = [number, number, number, number];

/** Puts `stride - 1` rows (columns) of zeros between the rows (columns) of [batch, height, width, channels]. */
function spreadApart(dy: Tensor4D, strideHeight: number, strideWidth: number): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const [batch, height, width, channels] = dy.shape;
  const apart = tf.pad(tf.reshape(dy, [batch * height, 1, width, 1, channels]), [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  const spread: Tensor4D = tf.reshape(apart, [batch, height * strideHeight, width * strideWidth, channels]);
  const extent: [number, number] = [(height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1];
  return tf.slice(spread, [0, 0, 0, 0], [batch, ...extent, channels]);
}

/**
 * The gradient of a convolution by its filter: each element is the sum over batch and output positions of input
 * times output gradient, so the input (channels as batch, batch as channels) is convolved with the output
 * gradient as the filter, and strides become dilations.
 * @param x [batch, height, width, inChannels]
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @returns [filterHeight, filterWidth, inChannels, outChannels], owned by the caller
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, info: ConvInfo): Tensor4D {
  return tf.tidy(() => {
    const { top, bottom, left, right } = info.padInfo;
    const input: Tensor4D = tf.pad(tf.transpose(x, [3, 1, 2, 0]), [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const filter: Tensor4D = tf.transpose(dy, [1, 2, 0, 3]);
    const sums = tf.conv2d(input, filter, 1, 'valid', 'NHWC', [info.strideHeight, info.strideWidth]);
    // Rows that a stride left unused would give sums of their own behind the filter's.
    const extent: [number, number] = [info.filterHeight, info.filterWidth];
    return tf.transpose(tf.slice(sums, [0, 0, 0, 0], [x.shape[3], ...extent, dy.shape[3]]), [1, 2, 0, 3]);
  });
}

/**
 * The gradient of a convolution by its input: the output gradient, its positions set `stride` apart, convolved
 * with the filter turned by half a turn and its channel axes swapped.
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @param filter [filterHeight, filterWidth, inChannels, outChannels]
 * @returns [batch, height, width, inChannels], owned by the caller
 */
function inputGradient(dy: Tensor4D, filter: Tensor4D, info: ConvInfo): Tensor4D {
  return tf.tidy(() => {
    const spread = spreadApart(dy, info.strideHeight, info.strideWidth);
    const before = [
      info.filterHeight - 1 - info.padInfo.top,
      info.filterWidth - 1 - info.padInfo.left,
    ] as const;
    const bottom = info.inHeight + info.filterHeight - 1 - before[0] - spread.shape[1];
    const right = info.inWidth + info.filterWidth - 1 - before[1] - spread.shape[2];
    const padded: Tensor4D = tf.pad(spread, [
      [0, 0],
      [before[0], bottom],
      [before[1], right],
      [0, 0],
    ]);
    return tf.conv2d(padded, tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]), 1, 'valid');
  });
}

/** Sizes, strides and padding of the forward convolution from the attributes of one of its gradients. */
function convInfo(input: Shape4D, filter: Shape4D, attributes: Readonly<Record<string, unknown>>): ConvInfo {
  const { strides, pad, dimRoundingMode } = attributes as unknown as tf.Conv2DBackpropInputAttrs;
  // Of dilated convolutions tfjs computes no gradient, so the dilation is always 1.
  return tf.backend_util.computeConv2DInfo(input, filter, strides, 1, pad, dimRoundingMode);
}

/** Gives tfjs's wasm backend both gradients of convolution. To be called before the backend starts. */
export function registerWasmConvGradients(): void {
  putKernel('wasm', tf.Conv2DBackpropFilter, () => ({ inputs, attributes }) => {
    const [x, dy] = [inputs['x'] as Tensor4D, inputs['dy'] as Tensor4D];
    return filterGradient(x, dy, convInfo(x.shape, attributes['filterShape'] as Shape4D, attributes));
  });
  putKernel('wasm', tf.Conv2DBackpropInput, () => ({ inputs, attributes }) => {
    const [dy, filter] = [inputs['dy'] as Tensor4D, inputs['filter'] as Tensor4D];
    return inputGradient(dy, filter, convInfo(attributes['inputShape'] as Shape4D, filter.shape, attributes));
  });
}
