import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AugmentationStep } from '../../../shared/schema/augmentation.ts';
import type { AugmentedBatch } from './augmentation.ts';

/** One kind of step. */
export type StepOf<K extends AugmentationStep['kind']> = Extract<AugmentationStep, { kind: K }>;

/** Size of the images. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Draws numbers uniform in [0, 1), float32, for one step of the augmentation; `what` tells its streams apart. `shape`
 * begins with the batch, so that an example's numbers depend on its position alone.
 */
export type Draw = (what: string, shape: readonly number[]) => Tensor;

/**
 * A geometric step: where each pixel of the changed image is taken from, as a projective map of (x, y, 1), row by row:
 * float32 [batch, 9]. x counts columns, y rows.
 */
export type Warp = (batch: number, draw: Draw) => Tensor;

/** A step on the values. x is float32 [batch, height, width, channels]. */
export type Change = (x: Tensor, draw: Draw) => Tensor;

/** A step that mixes the images of a batch, and says how. */
export type Mix = (x: Tensor, draw: Draw) => AugmentedBatch;

/** Uniform numbers in [-limit, limit). */
export function symmetric(uniform: Tensor, limit: number): Tensor {
  return tf.mul(tf.sub(uniform, 0.5), 2 * limit);
}

/** Whole numbers uniform in [0, count), float32. */
export function integers(uniform: Tensor, count: number): Tensor {
  // The largest uniform number times `count` may round up to `count`.
  return tf.minimum(tf.floor(tf.mul(uniform, count)), count - 1);
}

/** 1 with the given probability, else 0; float32. */
export function chance(uniform: Tensor, probability: number): Tensor {
  return tf.cast(tf.less(uniform, probability), 'float32');
}
