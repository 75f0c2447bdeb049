import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { AugmentationStep } from '../../../shared/schema/augmentation.ts';
import { cropWarp } from './crop.ts';
import { flipWarp } from './flip.ts';
import type { ImageSize, StepOf, Warp } from './parts.ts';
import { rotationWarp } from './rotation.ts';
import { shiftWarp } from './shift.ts';

/** Steps that move pixels. */
export type GeometricStep = StepOf<'rotation' | 'shift' | 'crop' | 'flip'>;

export function isGeometric(step: AugmentationStep): step is GeometricStep {
  return step.kind === 'rotation' || step.kind === 'shift' || step.kind === 'crop' || step.kind === 'flip';
}

/** The step's own map. */
export function createWarp(step: GeometricStep, size: ImageSize): Warp {
  switch (step.kind) {
    case 'rotation':
      return rotationWarp(step, size);
    case 'shift':
      return shiftWarp(step);
    case 'crop':
      return cropWarp(step);
    case 'flip':
      return flipWarp(step, size);
    default:
      return step satisfies never;
  }
}

function asMatrices(maps: Tensor): Tensor {
  return tf.reshape(maps, [-1, 3, 3]);
}

/**
 * Moves the pixels of a batch by several maps in one pass, so that pixels are interpolated once: a pixel of the result
 * goes back through the last map first. What one map moves out of the image and the next moves in again is kept; all
 * else from outside is zero.
 * @param x float32 [batch, height, width, channels]; borrowed
 * @param maps [batch, 9] each, in the order of the steps
 */
export function warpImages(
  x: Tensor,
  maps: readonly Tensor[],
  interpolation: 'nearest' | 'bilinear',
): Tensor {
  const [first, ...others] = maps;
  const together = others.reduce((sofar, map) => tf.matMul(sofar, asMatrices(map)), asMatrices(first!));
  const flat = tf.reshape(together, [-1, 9]);
  // The ninth number of these maps is always 1, and the operation takes it for granted.
  const transforms = tf.slice(flat, [0, 0], [-1, 8]) as Tensor2D;
  return tf.image.transform(x as Tensor4D, transforms, interpolation);
}
