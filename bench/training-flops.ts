import { summariseModel } from '../src/main/model/summarise.ts';
import type { ModelSpec } from '../src/shared/schema/model.ts';

/**
 * Floating-point operations of one training step per example: the forward pass, and as much again for the gradient by
 * the weights and for that by the input, which the first layer with weights does not need. The optimizer's few
 * operations per weight and batch are left out.
 */
export function countTrainingFlops(model: ModelSpec, inputShape: readonly number[]): number {
  const { layers, forwardFlops } = summariseModel(model, inputShape);
  const first = layers.find((layer) => layer.parameterCount > 0);
  return 3 * forwardFlops - (first?.forwardFlops ?? 0);
}
