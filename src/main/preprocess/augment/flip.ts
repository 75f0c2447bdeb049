import * as tf from '@tensorflow/tfjs-core';
import { chance, type ImageSize, type StepOf, type Warp } from './parts.ts';

const STILL = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Mirrors with a probability: column x comes from width - 1 - x (row y from height - 1 - y). */
export function flipWarp({ axis, probability }: StepOf<'flip'>, { height, width }: ImageSize): Warp {
  const change =
    axis === 'horizontal' ? [-2, 0, width - 1, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, -2, height - 1, 0, 0, 0];
  return (batch, draw) => tf.add(tf.mul(chance(draw('flip', [batch, 1]), probability), change), STILL);
}
