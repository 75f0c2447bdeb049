import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TrainingStep } from '../engine/engine.ts';
import type { GradientClipping } from '../../shared/schema/training.ts';

type Gradients = Readonly<Record<string, Tensor>>;

/** Keeps a norm of 0 from a division by 0; PyTorch's. */
const EPSILON = 1e-6;

function mapGradients(gradients: Gradients, change: (gradient: Tensor) => Tensor): Gradients {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]));
}

/** All times min(1, limit / (norm + 1e-6)), the norm being that of all of them together. */
function clipNorm(gradients: Gradients, limit: number): Gradients {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.minimum(tf.div(limit, tf.add(norm, EPSILON)), 1);
  return mapGradients(gradients, (gradient) => tf.mul(gradient, factor));
}

/**
 * PyTorch's clip_grad_norm_ or clip_grad_value_ as the last thing done to a whole batch's gradients; undefined where
 * they are taken as they are.
 */
export function createClipping(spec: GradientClipping | null): TrainingStep['finishGradients'] {
  if (spec === null) return undefined;
  const { kind, limit } = spec;
  switch (kind) {
    case 'norm':
      return (gradients) => clipNorm(gradients, limit);
    case 'value':
      return (gradients) => mapGradients(gradients, (gradient) => tf.clipByValue(gradient, -limit, limit));
    default:
      return kind satisfies never;
  }
}
