import * as tf from '@tensorflow/tfjs-core';
import { symmetric, type ImageSize, type StepOf, type Warp } from './parts.ts';

/**
 * Turns counter-clockwise by an angle a about the middle (cx, cy): with columns to the right and rows downwards the
 * pixel at p comes from c + [[cos a, -sin a], [sin a, cos a]] (p - c).
 */
export function rotationWarp({ degrees }: StepOf<'rotation'>, { height, width }: ImageSize): Warp {
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const perCosine = [1, 0, -cx, 0, 1, -cy, 0, 0, 0];
  const perSine = [0, -1, cy, 1, 0, -cx, 0, 0, 0];
  const always = [0, 0, cx, 0, 0, cy, 0, 0, 1];
  return (batch, draw) => {
    const angle = symmetric(draw('angle', [batch, 1]), (degrees * Math.PI) / 180);
    const turned = tf.matMul(tf.concat([tf.cos(angle), tf.sin(angle)], 1), tf.tensor2d([perCosine, perSine]));
    return tf.add(turned, always);
  };
}
