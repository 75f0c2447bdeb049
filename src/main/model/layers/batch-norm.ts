import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  sizeOf,
  type LayerContext,
  type LayerDefinition,
  type LayerOf,
  type Shape,
  type TrainingPhase,
  type VariableSpec,
} from './definition.ts';

type BatchNorm = LayerOf<'batch-norm'>;

function variables(_layer: BatchNorm, input: Shape): VariableSpec[] {
  const channels = input.at(-1) ?? 1;
  const define = (name: string, role: VariableSpec['role'], kind: 'ones' | 'zeros'): VariableSpec => ({
    name,
    role,
    shape: [channels],
    initializer: { kind },
    fanIn: channels,
    fanOut: channels,
  });
  return [
    define('scale', 'parameter', 'ones'),
    define('offset', 'parameter', 'zeros'),
    define('runningMean', 'buffer', 'zeros'),
    define('runningVariance', 'buffer', 'ones'),
  ];
}

/** (1 - momentum) * running + momentum * batch statistic. */
function blend(running: Tensor, statistic: Tensor, momentum: number): Tensor {
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(statistic, momentum));
}

function forwardTraining(layer: BatchNorm, x: Tensor, context: LayerContext, phase: TrainingPhase): Tensor {
  const { normalised, mean, variance, rows } = context.ops.batchNormTraining(
    x,
    context.variable('scale'),
    context.variable('offset'),
    layer.epsilon,
  );
  const unbiased = tf.mul(variance, rows / Math.max(1, rows - 1));
  phase.updateBuffer('runningMean', blend(context.variable('runningMean'), mean, layer.momentum));
  phase.updateBuffer('runningVariance', blend(context.variable('runningVariance'), unbiased, layer.momentum));
  return normalised;
}

/** As one multiplication and one addition per element: x * factor + (offset - runningMean * factor). */
function forwardInference(layer: BatchNorm, x: Tensor, context: LayerContext): Tensor {
  const spread = tf.rsqrt(tf.add(context.variable('runningVariance'), layer.epsilon));
  const factor = tf.mul(context.variable('scale'), spread);
  const shift = tf.sub(context.variable('offset'), tf.mul(context.variable('runningMean'), factor));
  return tf.add(tf.mul(x, factor), shift);
}

/**
 * Batch normalisation over all axes but the last (Ioffe and Szegedy 2015). Running statistics follow PyTorch:
 * running = (1 - momentum) * running + momentum * batch, with the unbiased variance of the batch.
 */
export const batchNormLayer: LayerDefinition<BatchNorm> = {
  outputShape: (_layer, input) => input,
  variables,
  reach: () => ({ kind: 'point' }),
  forwardFlops: (_layer, input) => 2 * sizeOf(input),
  forward(layer, x, context) {
    return context.training === null
      ? forwardInference(layer, x, context)
      : forwardTraining(layer, x, context, context.training);
  },
};
