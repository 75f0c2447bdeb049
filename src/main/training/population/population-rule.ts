import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../../../shared/schema/training.ts';
import { movingAverage } from '../optimizers/decay.ts';
import type { MemberNumbers } from './numbers.ts';

/** One parameter of all members, [members, ...], and what its update needs. Tensors are borrowed. */
export interface PopulationUpdate {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** In the order of {@link PopulationRule.moments}. */
  readonly moments: readonly Tensor[];
  /** Each member's own, [members, 1, 1]. */
  readonly numbers: Readonly<Record<keyof MemberNumbers, Tensor>>;
  /** Of the step, the same for all members. */
  readonly scalars: Readonly<Record<string, Tensor>>;
}

/** An optimizer over [members, ...] parameters, each member with its own numbers. */
export interface PopulationRule {
  /** Names of a parameter's moments, which begin at zero. */
  readonly moments: readonly string[];
  /** Scalars of a step, counted from 1. */
  readonly scalars: Readonly<Record<string, (step: number) => number>>;
  /** Pure; the results belong to the caller. */
  apply(update: PopulationUpdate): { readonly parameter: Tensor; readonly moments: readonly Tensor[] };
}

function sgd(nesterov: boolean): PopulationRule {
  return {
    moments: ['velocity'],
    scalars: {},
    apply: ({ parameter, gradient, moments, numbers }) => {
      const { learningRate, weightDecay, momentum } = numbers;
      const slope = tf.add(gradient, tf.mul(parameter, weightDecay));
      const velocity = tf.add(tf.mul(moments[0]!, momentum), slope);
      const direction = nesterov ? tf.add(slope, tf.mul(velocity, momentum)) : velocity;
      return { parameter: tf.sub(parameter, tf.mul(direction, learningRate)), moments: [velocity] };
    },
  };
}

function adam({ beta1, beta2, epsilon }: Extract<OptimizerSpec, { kind: 'adam' }>): PopulationRule {
  const correction2 = (step: number): number => Math.sqrt(1 - beta2 ** step);
  return {
    moments: ['m', 'v'],
    // As the optimizer itself has it: lr sqrt(c2) / c1, and epsilon sqrt(c2).
    scalars: {
      correction: (step) => correction2(step) / (1 - beta1 ** step),
      epsilon: (step) => epsilon * correction2(step),
    },
    apply: ({ parameter, gradient, moments, numbers, scalars }) => {
      const slope = tf.add(gradient, tf.mul(parameter, numbers.weightDecay));
      const m = movingAverage(moments[0]!, slope, beta1);
      const v = movingAverage(moments[1]!, tf.square(slope), beta2);
      const direction = tf.div(m, tf.add(tf.sqrt(v), scalars.epsilon!));
      const step = tf.mul(direction, tf.mul(numbers.learningRate, scalars.correction!));
      return { parameter: tf.sub(parameter, step), moments: [m, v] };
    },
  };
}

/** torch.optim's SGD and Adam for many nets at once; the same steps as `createOptimizer`'s for each of them. */
export function createPopulationRule(spec: OptimizerSpec): PopulationRule {
  if (spec.kind === 'sgd') return sgd(spec.nesterov);
  if (spec.kind === 'adam') return adam(spec);
  throw new RangeError(`population: ${spec.kind} nets train one by one`);
}
