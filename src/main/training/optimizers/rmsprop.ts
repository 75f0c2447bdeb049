import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import type { UpdateInput, UpdateRule } from '../../engine/engine.ts';
import { addDecay, movingAverage } from './decay.ts';
import type { Optimizer, RateAt } from './optimizer.ts';

type RmspropSpec = Extract<OptimizerSpec, { kind: 'rmsprop' }>;

function createApply(spec: RmspropSpec): UpdateRule['apply'] {
  return ({ parameter, gradient, slots, scalars }: UpdateInput) => {
    const slope = addDecay(gradient, parameter, spec.weightDecay);
    const square = movingAverage(slots[0]!, tf.square(slope), spec.smoothing);
    const scaled = tf.div(slope, tf.add(tf.sqrt(square), spec.epsilon));
    const learningRate = scalars.learningRate!;
    if (spec.momentum === 0) {
      return { parameter: tf.sub(parameter, tf.mul(scaled, learningRate)), slots: [square] };
    }
    const velocity = tf.add(tf.mul(slots[1]!, spec.momentum), scaled);
    return { parameter: tf.sub(parameter, tf.mul(velocity, learningRate)), slots: [square, velocity] };
  };
}

/**
 * torch.optim.RMSprop: s = smoothing s + (1 - smoothing) g^2; v = momentum v + g / (sqrt(s) + epsilon); w -= lr v.
 * No fused op: TensorFlow's ResourceApplyRMSProp has epsilon inside the root and the learning rate inside the velocity.
 */
export function createRmsprop(spec: RmspropSpec, rateAt: RateAt): Optimizer {
  const slots = spec.momentum === 0 ? ['square'] : ['square', 'velocity'];
  return {
    rule: { slots, apply: createApply(spec), fused: null },
    scalars: { learningRate: rateAt },
  };
}
