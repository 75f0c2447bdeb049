import { StudioError } from '../../shared/ipc/errors.ts';
import type { LayerSpec, ModelSpec } from '../../shared/schema/model.ts';
import type { LayerDefinition, RefuseLayer, Shape, VariableSpec } from './layers/definition.ts';
import { definitionOf } from './layers/index.ts';

/** A layer with its place in the stack; shapes exclude the batch axis. */
export interface PlannedLayer {
  readonly index: number;
  readonly name: string;
  readonly spec: LayerSpec;
  readonly definition: LayerDefinition;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly variables: readonly VariableSpec[];
}

/** A model whose shapes are known to fit; nothing is allocated. */
export interface ModelPlan {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly layers: readonly PlannedLayer[];
}

/** The whole name of a layer's variable, e.g. "dense-1/weight". */
export function variableName(layer: PlannedLayer, variable: VariableSpec): string {
  return `${layer.name}/${variable.name}`;
}

/** A layer's own name, or one made from its kind and its position counted from 1, e.g. "dense-2". */
export function layerName(layer: LayerSpec, index: number): string {
  return layer.name ?? `${layer.kind}-${index + 1}`;
}

function refuseLayer(layer: LayerSpec, index: number): RefuseLayer {
  const place = `model.layers.${index}`;
  return (found, wayOut, field) => {
    throw new StudioError(
      'shape-mismatch',
      `layer ${index + 1} (${layer.kind} '${layerName(layer, index)}'): ${found}; ${wayOut}`,
      { path: field === undefined ? place : `${place}.${field}`, layer: layerName(layer, index), index },
    );
  };
}

function checkNames(layers: readonly LayerSpec[]): void {
  const seen = new Map<string, number>();
  layers.forEach((layer, index) => {
    const name = layerName(layer, index);
    const before = seen.get(name);
    if (before !== undefined) {
      throw new StudioError(
        'invalid-input',
        `layers ${before + 1} and ${index + 1} are both called '${name}'; give one of them another name`,
        { path: `model.layers.${index}.name`, layer: name, index },
      );
    }
    seen.set(name, index);
  });
}

/**
 * Works out every layer's shapes and variables.
 * @param inputShape of one example, e.g. [28, 28, 1]
 * @throws StudioError `shape-mismatch` at the first layer that does not fit its input (details: path, layer, index),
 * `invalid-input` where two layers have one name
 */
export function planModel(spec: ModelSpec, inputShape: Shape): ModelPlan {
  checkNames(spec.layers);
  let shape = inputShape;
  const layers = spec.layers.map((layer, index): PlannedLayer => {
    const definition = definitionOf(layer);
    const input = shape;
    shape = definition.outputShape(layer, input, refuseLayer(layer, index));
    return {
      index,
      name: layerName(layer, index),
      spec: layer,
      definition,
      inputShape: input,
      outputShape: shape,
      variables: definition.variables(layer, input),
    };
  });
  return { inputShape, outputShape: shape, layers };
}

/** Does the model convolve? XLA is slow at it on a CPU. */
export function hasConvolutions(plan: ModelPlan): boolean {
  return plan.layers.some((layer) => layer.spec.kind === 'conv2d');
}

/** Does each example's training loss depend on that example alone: no batch statistics, no numbers drawn for each? */
export function isSeparable(plan: ModelPlan): boolean {
  return !plan.layers.some(({ spec }) => spec.kind === 'batch-norm' || spec.kind === 'dropout');
}
