import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import { streamKey } from '../../shared/random/stream.ts';
import type { EngineOps } from '../engine/engine.ts';
import type { LayerContext, TrainingPhase } from './layers/definition.ts';
import type { ModelPlan, PlannedLayer } from './plan.ts';

/** What a pass through the model reads; all borrowed. */
export interface ForwardContext {
  readonly ops: EngineOps;
  /** Variables by whole name. */
  readonly state: Readonly<Record<string, Tensor>>;
}

export interface TrainingForwardContext extends ForwardContext {
  /** int32 scalar, the training step from the start of the run. */
  readonly step: Tensor;
  readonly seed: number;
  /** Takes new values of buffers by whole name. */
  updateBuffer(name: string, value: Tensor): void;
}

function layerContext(
  layer: PlannedLayer,
  { ops, state }: ForwardContext,
  training: TrainingPhase | null,
): LayerContext {
  return {
    ops,
    training,
    variable(name) {
      const tensor = state[`${layer.name}/${name}`];
      if (tensor === undefined) {
        throw new StudioError('internal', `forward: the state has no '${layer.name}/${name}'`);
      }
      return tensor;
    },
  };
}

function trainingPhase(layer: PlannedLayer, context: TrainingForwardContext): TrainingPhase {
  return {
    step: context.step,
    randomKey: streamKey(context.seed, 'dropout', layer.name),
    updateBuffer: (name, value) => context.updateBuffer(`${layer.name}/${name}`, value),
  };
}

/**
 * The model's output for x [batch, ...inputShape] with dropout on and batch statistics in batch norm. The result and
 * the buffers' new values belong to the caller's tidy.
 */
export function forwardTraining(plan: ModelPlan, x: Tensor, context: TrainingForwardContext): Tensor {
  return plan.layers.reduce(
    (input, layer) =>
      layer.definition.forward(
        layer.spec,
        input,
        layerContext(layer, context, trainingPhase(layer, context)),
      ),
    x,
  );
}

/** The model's output for x [batch, ...inputShape] as it is used: no dropout, running statistics in batch norm. */
export function forwardInference(plan: ModelPlan, x: Tensor, context: ForwardContext): Tensor {
  return plan.layers.reduce(
    (input, layer) => layer.definition.forward(layer.spec, input, layerContext(layer, context, null)),
    x,
  );
}
