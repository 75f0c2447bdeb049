import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import { streamKey } from '../../shared/random/stream.ts';
import type { EngineOps } from '../engine/engine.ts';
import { INPUT } from './graph.ts';
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

/** Every layer's output in the order of the layers; what is known already is taken as it is. */
function runLayers(
  layers: ModelPlan['layers'],
  x: Tensor,
  contextOf: (layer: PlannedLayer) => LayerContext,
  known?: { readonly layer: number; readonly output: Tensor },
): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const outputAt = (position: number): Tensor => (position === INPUT ? x : outputs[position]!);
  for (const layer of layers) {
    outputs.push(
      layer.index === known?.layer
        ? known.output
        : layer.definition.forward(layer.spec, layer.inputs.map(outputAt), contextOf(layer)),
    );
  }
  return outputs;
}

function headOutputs(plan: ModelPlan, outputs: readonly Tensor[]): readonly Tensor[] {
  return plan.heads.map(({ layer }) => outputs[layer]!);
}

/**
 * The outputs of the model's heads for x [batch, ...inputShape] with dropout on and batch statistics in batch norm. The
 * results and the buffers' new values belong to the caller's tidy.
 */
export function forwardTraining(
  plan: ModelPlan,
  x: Tensor,
  context: TrainingForwardContext,
): readonly Tensor[] {
  return headOutputs(
    plan,
    runLayers(plan.layers, x, (layer) => layerContext(layer, context, trainingPhase(layer, context))),
  );
}

/**
 * The output of every layer for x [batch, ...inputShape] as the model is used: no dropout, running statistics in batch
 * norm. The results belong to the caller's tidy; one may be another's own tensor.
 */
export function forwardLayers(plan: ModelPlan, x: Tensor, context: ForwardContext): readonly Tensor[] {
  return runLayers(plan.layers, x, (layer) => layerContext(layer, context, null));
}

/** The outputs of the model's heads, otherwise as {@link forwardLayers}. */
export function forwardInference(plan: ModelPlan, x: Tensor, context: ForwardContext): readonly Tensor[] {
  return headOutputs(plan, forwardLayers(plan, x, context));
}

/** The output of one layer, with no layer after it computed; otherwise as {@link forwardLayers}. */
export function forwardTo(plan: ModelPlan, x: Tensor, context: ForwardContext, layer: number): Tensor {
  if (layer === INPUT) return x;
  const upTo = plan.layers.slice(0, layer + 1);
  return runLayers(upTo, x, (each) => layerContext(each, context, null))[layer]!;
}

/**
 * The outputs of the model's heads where a layer gives `output`, [batch, ...its shape], whatever it reads; otherwise as
 * {@link forwardLayers}.
 */
export function forwardFrom(
  plan: ModelPlan,
  x: Tensor,
  context: ForwardContext,
  layer: number,
  output: Tensor,
): readonly Tensor[] {
  const contextOf = (each: PlannedLayer): LayerContext => layerContext(each, context, null);
  return headOutputs(plan, runLayers(plan.layers, x, contextOf, { layer, output }));
}
