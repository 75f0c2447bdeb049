import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** Swaps the batch and channel axes, [batch, height, width, channels] <-> [channels, height, width, batch]. */
function swapBatchAndChannels(x: Tensor4D): Tensor4D {
  return tf.transpose(x, [3, 1, 2, 0]);
}

/**
 * The gradient of a convolution by its filter, as a convolution itself: every filter element is the sum over
 * batch and output positions of input times output gradient, so the input (channels as batch, batch as
 * channels) is convolved with the output gradient as the filter; strides become dilations.
 * @param x [batch, height, width, inChannels]
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @param convInfo sizes, strides and padding of the forward convolution
 * @returns [filterHeight, filterWidth, inChannels, outChannels], owned by the caller
 */
export function conv2dFilterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  convInfo: tf.backend_util.Conv2DInfo,
): Tensor4D {
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = convInfo;
  return tf.tidy(() => {
    const input = tf.pad(swapBatchAndChannels(x), [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]);
    const filter: Tensor4D = tf.transpose(dy, [1, 2, 0, 3]);
    const sums = tf.conv2d(input, filter, 1, 'valid', 'NHWC', [strideHeight, strideWidth]);
    // Rows that a stride left unused would give sums of their own behind the filter's.
    const cut = tf.slice(sums, [0, 0, 0, 0], [x.shape[3], filterHeight, filterWidth, dy.shape[3]]);
    return tf.transpose(cut, [1, 2, 0, 3]);
  });
}

/** Gives tfjs's wasm backend the one kernel it lacks to train convolutions. Safe to call twice. */
export function registerWasmFilterGradient(): void {
  if (tf.getKernel(tf.Conv2DBackpropFilter, 'wasm') !== undefined) return;
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { filterShape, strides, pad, dimRoundingMode } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      const convInfo = tf.backend_util.computeConv2DInfo(
        x.shape,
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      return conv2dFilterGradient(x, dy, convInfo);
    },
  });
}
