import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A run of pixels along one side of each image: from `start` to before `end`, float32 [batch, 1] each. */
export interface Span {
  readonly start: Tensor;
  readonly end: Tensor;
}

/** 1 inside the span and 0 outside, float32 [batch, length]; what of the span lies outside the image is left out. */
function inside({ start, end }: Span, length: number): Tensor {
  const places = tf.range(0, length, 1, 'float32');
  const within = tf.logicalAnd(tf.greaterEqual(places, start), tf.less(places, end));
  return tf.cast(within, 'float32');
}

/** 1 inside each image's rectangle and 0 outside, float32 [batch, height, width, 1]. */
export function boxMask(rows: Span, columns: Span, height: number, width: number): Tensor {
  const vertical = tf.reshape(inside(rows, height), [-1, height, 1, 1]);
  return tf.mul(vertical, tf.reshape(inside(columns, width), [-1, 1, width, 1]));
}
