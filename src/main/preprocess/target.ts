import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { TargetValues } from '../data/loaded-dataset.ts';

/** One invertible change of a number: its logarithm, or (y - mean) / deviation. */
export const targetStep = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('log') }),
  z.strictObject({ kind: z.literal('standardise'), mean: z.number(), deviation: z.number().positive() }),
]);
export type TargetStep = z.infer<typeof targetStep>;

/** What training does to the main target, and the way back to its own unit. */
export interface FittedTarget {
  /** Are targets trained on as they are? */
  readonly isIdentity: boolean;
  /**
   * Prepared targets, in tfjs ops.
   * @param y any shape, numeric; borrowed
   * @returns float32 of the same shape, the caller's (inside a tidy: the tidy's)
   */
  apply(y: Tensor): Tensor;
  /** Predictions of prepared targets in the original unit; ownership as in {@link apply}. */
  invert(y: Tensor): Tensor;
  /** {@link invert} for numbers outside the engine, in float64. */
  invertValues(values: ArrayLike<number>): Float64Array;
  /**
   * Predicted standard deviations in the original unit, to first order: sigma * |d invert / dy| at the predicted
   * `means`, both in prepared units. Exact without a logarithm.
   */
  invertDeviations(deviations: ArrayLike<number>, means: ArrayLike<number>): Float64Array;
}

function applyStep(y: Tensor, step: TargetStep): Tensor {
  return step.kind === 'log' ? tf.log(y) : tf.div(tf.sub(y, step.mean), step.deviation);
}

function invertStep(y: Tensor, step: TargetStep): Tensor {
  return step.kind === 'log' ? tf.exp(y) : tf.add(tf.mul(y, step.deviation), step.mean);
}

function invertNumber(y: number, step: TargetStep): number {
  return step.kind === 'log' ? Math.exp(y) : y * step.deviation + step.mean;
}

/** d invert / dy at the prepared number y: exp is its own derivative. */
function slope(y: number, step: TargetStep): number {
  return step.kind === 'log' ? Math.exp(y) : step.deviation;
}

/** The caller must get a tensor of his own, also where nothing changed. */
function inFloat(y: Tensor, change: (y: Tensor) => Tensor): Tensor {
  return tf.tidy(() => {
    const changed = change(tf.cast(y, 'float32'));
    return changed === y ? tf.clone(y) : changed;
  });
}

/** The transform that takes the steps in their order. */
export function createTarget(steps: readonly TargetStep[]): FittedTarget {
  const backwards = steps.toReversed();
  const invertOne = (value: number): number => backwards.reduce(invertNumber, value);
  const slopeAt = (value: number): number =>
    backwards.reduce(
      ({ y, product }, step) => ({ y: invertNumber(y, step), product: product * slope(y, step) }),
      { y: value, product: 1 },
    ).product;
  return {
    isIdentity: steps.length === 0,
    apply: (y) => inFloat(y, (values) => steps.reduce(applyStep, values)),
    invert: (y) => inFloat(y, (values) => backwards.reduce(invertStep, values)),
    invertValues: (values) => Float64Array.from(values, invertOne),
    invertDeviations: (deviations, means) =>
      Float64Array.from(deviations, (deviation, i) => deviation * Math.abs(slopeAt(means[i]!))),
  };
}

function fault(kind: string, found: string, wayOut: string): StudioError {
  return new StudioError('invalid-input', `preprocessing: ${kind} ${found}; ${wayOut}`, {
    path: 'preprocessing',
  });
}

function fitLog(values: readonly number[]): TargetStep {
  const smallest = values.reduce((least, value) => Math.min(least, value), Infinity);
  if (smallest > 0) return { kind: 'log' };
  throw fault(
    'log-target',
    `needs positive targets and the smallest of the training part is ${smallest}`,
    'leave the step out, or put it before standardise-target',
  );
}

function fitStandardise(values: readonly number[]): TargetStep {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { kind: 'standardise', mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

/**
 * Fits the target steps, in their order, on the given rows, in float64.
 * @param targets of the main target, all rows; numbers, not labels
 * @throws StudioError `invalid-input` where the target is a class, or not positive under a logarithm
 */
export function fitTarget(
  kinds: readonly ('log-target' | 'standardise-target')[],
  targets: TargetValues,
  rows: Int32Array,
): TargetStep[] {
  const [first] = kinds;
  if (first === undefined) return [];
  if (targets instanceof Int32Array) {
    throw fault(first, 'changes a number and the main target is a class', 'remove the step');
  }
  let values = Array.from(rows, (row) => targets[row]!);
  return kinds.map((kind) => {
    const step = kind === 'log-target' ? fitLog(values) : fitStandardise(values);
    values = values.map((value) =>
      step.kind === 'log' ? Math.log(value) : (value - step.mean) / step.deviation,
    );
    return step;
  });
}
