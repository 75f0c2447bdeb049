import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import type { UpdateRule } from '../../engine/engine.ts';
import { movingAverage } from '../optimizers/decay.ts';

/** An optimizer over [members, ...] parameters, each member with its own numbers. */
export interface PopulationRule {
  readonly rule: UpdateRule;
  /** Slots that hold a parameter's moments; those after them hold the members' numbers. */
  readonly momentSlots: readonly string[];
  /** Scalars of a step, counted from 1, the same for all members. */
  readonly scalars: Readonly<Record<string, (step: number) => number>>;
}

/** Names of the slots that hold the members' numbers, [members, 1, 1] each; they never change. */
export const NUMBER_SLOTS = ['learningRate', 'weightDecay', 'momentum'] as const;

function sgd(nesterov: boolean): PopulationRule {
  const apply: UpdateRule['apply'] = ({ parameter, gradient, slots }) => {
    const [before, rate, decay, momentum] = slots as readonly [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const slope = tf.add(gradient, tf.mul(parameter, decay));
    const velocity = tf.add(tf.mul(before, momentum), slope);
    const direction = nesterov ? tf.add(slope, tf.mul(velocity, momentum)) : velocity;
    return {
      parameter: tf.sub(parameter, tf.mul(direction, rate)),
      slots: [velocity, tf.clone(rate), tf.clone(decay), tf.clone(momentum)],
    };
  };
  const momentSlots = ['velocity'];
  return { rule: { slots: [...momentSlots, ...NUMBER_SLOTS], apply, fused: null }, momentSlots, scalars: {} };
}

function adam({ beta1, beta2, epsilon }: Extract<OptimizerSpec, { kind: 'adam' }>): PopulationRule {
  const apply: UpdateRule['apply'] = ({ parameter, gradient, slots, scalars }) => {
    const [m0, v0, rate, decay, momentum] = slots as readonly [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const slope = tf.add(gradient, tf.mul(parameter, decay));
    const m = movingAverage(m0, slope, beta1);
    const v = movingAverage(v0, tf.square(slope), beta2);
    const direction = tf.div(m, tf.add(tf.sqrt(v), scalars.epsilon!));
    const step = tf.mul(direction, tf.mul(rate, scalars.correction!));
    return {
      parameter: tf.sub(parameter, step),
      slots: [m, v, tf.clone(rate), tf.clone(decay), tf.clone(momentum)],
    };
  };
  const momentSlots = ['m', 'v'];
  const correction2 = (step: number): number => Math.sqrt(1 - beta2 ** step);
  return {
    rule: { slots: [...momentSlots, ...NUMBER_SLOTS], apply, fused: null },
    momentSlots,
    // As the optimizer itself has it: lr sqrt(c2) / c1, and epsilon sqrt(c2).
    scalars: {
      correction: (step) => correction2(step) / (1 - beta1 ** step),
      epsilon: (step) => epsilon * correction2(step),
    },
  };
}

/** torch.optim's SGD and Adam for many nets at once; the same steps as `createOptimizer`'s for each of them. */
export function createPopulationRule(spec: OptimizerSpec): PopulationRule {
  if (spec.kind === 'sgd') return sgd(spec.nesterov);
  if (spec.kind === 'adam') return adam(spec);
  throw new RangeError(`population: ${spec.kind} nets train one by one`);
}
