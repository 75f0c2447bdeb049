import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { boxMask, type Span } from './box.ts';
import { integers, type Change, type ImageSize, type StepOf } from './parts.ts';

function spanAround(centre: Tensor, size: number): Span {
  const start = tf.sub(centre, Math.floor(size / 2));
  return { start, end: tf.add(start, size) };
}

/** Sets a square to zero whose centre is any pixel, so that it may reach over the edge (DeVries and Taylor 2017). */
export function cutoutChange({ size }: StepOf<'cutout'>, { height, width }: ImageSize): Change {
  return (x, draw) => {
    const batch = x.shape[0];
    const rows = spanAround(integers(draw('row', [batch, 1]), height), size);
    const columns = spanAround(integers(draw('column', [batch, 1]), width), size);
    return tf.mul(x, tf.sub(1, boxMask(rows, columns, height, width)));
  };
}
