import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { TargetValues } from '../data/loaded-dataset.ts';
import { headLosses, totalLoss } from '../metrics/objective.ts';
import { forwardLayers } from '../model/index.ts';
import type { OpenNet } from './open-net.ts';
import { computeAll, readNumbers } from './read-numbers.ts';

/** Takes a layer's outputs, [examples, ...shape] flat. */
export type VisitLayer = (layerIndex: number, outputs: Float32Array) => void;

/** A target of some rows as training gives it: labels int32 [rows], numbers float32 [rows, 1]. The caller's. */
export function gatherTargets(values: TargetValues, rows: Int32Array): Tensor {
  if (values instanceof Int32Array)
    return tf.tensor1d(
      Int32Array.from(rows, (row) => values[row]!),
      'int32',
    );
  return tf.tensor2d(
    Float32Array.from(rows, (row) => values[row]!),
    [rows.length, 1],
  );
}

/**
 * One pass through the net as it is used (no dropout, running statistics) and back: visits what every layer gives, in
 * the layers' order, and returns the gradient of the mean loss that the run was trained on (its heads' weights, class
 * weights and label smoothing included; before clipping and decay) for each parameter by its whole name.
 * @param examples fed, [examples, ...example]; borrowed
 * @param targets by target of the dataset; borrowed
 */
export function passWithLoss(
  { plan, prepared, context, state }: OpenNet,
  examples: Tensor,
  targets: readonly Tensor[],
  visit: VisitLayer,
): ReadonlyMap<string, Float32Array> {
  const { objective } = prepared.parts;
  const names = state.filter(({ role }) => role === 'parameter').map(({ name }) => name);
  const gradients = computeAll(() => {
    const x = prepared.preprocessing.apply(examples);
    const lossOf = (...parameters: Tensor[]): Scalar => {
      const named = Object.fromEntries(names.map((name, i) => [name, parameters[i]!]));
      const outputs = forwardLayers(plan, x, { ...context, state: { ...context.state, ...named } });
      outputs.forEach((output, index) => visit(index, readNumbers(output)));
      const predictions = plan.heads.map(({ layer }) => outputs[layer]!);
      const losses = headLosses(objective, { predictions, targets, mix: null, ops: context.ops });
      return totalLoss(objective, losses) as Scalar;
    };
    if (names.length > 0) return tf.grads(lossOf)(names.map((name) => context.state[name]!));
    lossOf();
    return [];
  });
  return new Map(names.map((name, i) => [name, gradients[i]!]));
}
