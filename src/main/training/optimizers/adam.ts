import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import type { FusedUpdate, UpdateRule } from '../../engine/engine.ts';
import { addDecay, movingAverage } from './decay.ts';
import type { Optimizer, RateAt } from './optimizer.ts';

/** What Adam and AdamW share. */
export type AdamSettings = Omit<Extract<OptimizerSpec, { kind: 'adam' }>, 'kind' | 'weightDecay'>;

/** L2 penalty in the gradient (Adam), or decay beside it (AdamW); one of the two is 0. */
export interface AdamDecay {
  readonly l2: number;
  readonly decoupledDecay: number;
}

/**
 * PyTorch's w -= lr / c1 * m / (sqrt(v) / sqrt(c2) + epsilon), with c = 1 - beta^t, is
 * w -= stepSize * m / (sqrt(v) + epsilon'), with stepSize = lr sqrt(c2) / c1 and epsilon' = epsilon sqrt(c2).
 */
function adamScalars(settings: AdamSettings, rateAt: RateAt): Optimizer['scalars'] {
  const correction1 = (step: number): number => 1 - settings.beta1 ** step;
  const correction2 = (step: number): number => Math.sqrt(1 - settings.beta2 ** step);
  return {
    learningRate: rateAt,
    stepSize: (step) => (rateAt(step) * correction2(step)) / correction1(step),
    epsilon: (step) => settings.epsilon * correction2(step),
  };
}

/**
 * TensorFlow's op takes lr sqrt(1 - beta2Power) / (1 - beta1Power) as its step and adds a fixed epsilon to sqrt(v);
 * with powers of 0 it takes our corrected step and epsilon as they are.
 */
function fuseAdam({ beta1, beta2 }: AdamSettings, decay: AdamDecay): FusedUpdate {
  return {
    op: 'ResourceApplyAdam',
    inputs: [
      'parameter',
      'slot:0',
      'slot:1',
      { constant: 0 },
      { constant: 0 },
      'scalar:stepSize',
      { constant: beta1 },
      { constant: beta2 },
      'scalar:epsilon',
      'gradient',
    ],
    booleanAttributes: { use_nesterov: false },
    ...decay,
  };
}

/** The rule of Adam and AdamW, which differ in where the decay goes. */
export function createAdamRule(settings: AdamSettings, decay: AdamDecay, rateAt: RateAt): Optimizer {
  const apply: UpdateRule['apply'] = ({ parameter, gradient, slots, scalars }) => {
    const slope = addDecay(gradient, parameter, decay.l2);
    const m = movingAverage(slots[0]!, slope, settings.beta1);
    const v = movingAverage(slots[1]!, tf.square(slope), settings.beta2);
    const direction = tf.div(m, tf.add(tf.sqrt(v), scalars.epsilon!));
    const decayed =
      decay.decoupledDecay === 0
        ? parameter
        : tf.sub(parameter, tf.mul(parameter, tf.mul(scalars.learningRate!, decay.decoupledDecay)));
    return { parameter: tf.sub(decayed, tf.mul(direction, scalars.stepSize!)), slots: [m, v] };
  };
  return {
    rule: { slots: ['m', 'v'], apply, fused: fuseAdam(settings, decay) },
    scalars: adamScalars(settings, rateAt),
  };
}

/** torch.optim.Adam (Kingma and Ba 2015), with the L2 penalty added to the gradient. */
export function createAdam(spec: Extract<OptimizerSpec, { kind: 'adam' }>, rateAt: RateAt): Optimizer {
  return createAdamRule(spec, { l2: spec.weightDecay, decoupledDecay: 0 }, rateAt);
}
