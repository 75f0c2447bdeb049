import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import type { FusedUpdate, UpdateRule } from '../../engine/engine.ts';
import { addDecay } from './decay.ts';
import type { Optimizer, RateAt } from './optimizer.ts';

type SgdSpec = Extract<OptimizerSpec, { kind: 'sgd' }>;

function fuse(spec: SgdSpec): FusedUpdate {
  const decay = { l2: spec.weightDecay, decoupledDecay: 0 };
  if (spec.momentum === 0) {
    return {
      op: 'ResourceApplyGradientDescent',
      inputs: ['parameter', 'scalar:learningRate', 'gradient'],
      booleanAttributes: {},
      ...decay,
    };
  }
  return {
    op: 'ResourceApplyMomentum',
    inputs: ['parameter', 'slot:0', 'scalar:learningRate', 'gradient', { constant: spec.momentum }],
    booleanAttributes: { use_nesterov: spec.nesterov },
    ...decay,
  };
}

function plainRule(spec: SgdSpec): UpdateRule {
  return {
    slots: [],
    apply({ parameter, gradient, scalars }) {
      const step = tf.mul(addDecay(gradient, parameter, spec.weightDecay), scalars.learningRate!);
      return { parameter: tf.sub(parameter, step), slots: [] };
    },
    fused: fuse(spec),
  };
}

function momentumRule(spec: SgdSpec): UpdateRule {
  return {
    slots: ['velocity'],
    apply({ parameter, gradient, slots, scalars }) {
      const slope = addDecay(gradient, parameter, spec.weightDecay);
      const velocity = tf.add(tf.mul(slots[0]!, spec.momentum), slope);
      const direction = spec.nesterov ? tf.add(slope, tf.mul(velocity, spec.momentum)) : velocity;
      const step = tf.mul(direction, scalars.learningRate!);
      return { parameter: tf.sub(parameter, step), slots: [velocity] };
    },
    fused: fuse(spec),
  };
}

/**
 * torch.optim.SGD: g += weightDecay w; v = momentum v + g; w -= lr v, or lr (g + momentum v) with Nesterov.
 * PyTorch's first step v = g is the same as a velocity that starts at zero.
 */
export function createSgd(spec: SgdSpec, rateAt: RateAt): Optimizer {
  return {
    rule: spec.momentum === 0 ? plainRule(spec) : momentumRule(spec),
    scalars: { learningRate: rateAt },
  };
}
