import { StudioError } from '../../shared/ipc/errors.ts';
import type { LayerSpec, ModelSpec } from '../../shared/schema/model.ts';
import { checkNames, INPUT, inputPositions, layerName, requireReaders } from './graph.ts';
import { planHeads, type PlannedHead } from './heads.ts';
import type { NodeDefinition, RefuseLayer, Shape, VariableSpec } from './layers/definition.ts';
import { definitionOf } from './layers/index.ts';

export { layerName } from './graph.ts';
export type { PlannedHead } from './heads.ts';

/** A layer with its place in the graph; shapes exclude the batch axis. */
export interface PlannedLayer {
  readonly index: number;
  readonly name: string;
  readonly spec: LayerSpec;
  readonly definition: NodeDefinition;
  /** Positions of the layers it reads, all before its own; -1 ({@link INPUT}) for the examples. */
  readonly inputs: readonly number[];
  /** Of its inputs, in their order. */
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly variables: readonly VariableSpec[];
}

/** A model whose shapes are known to fit; nothing is allocated. */
export interface ModelPlan {
  readonly inputShape: Shape;
  /** Of the first head. */
  readonly outputShape: Shape;
  /** In an order in which each reads only what stands before it. */
  readonly layers: readonly PlannedLayer[];
  /** At least one, unless there are no layers. */
  readonly heads: readonly PlannedHead[];
}

/** The whole name of a layer's variable, e.g. "dense-1/weight". */
export function variableName(layer: PlannedLayer, variable: VariableSpec): string {
  return `${layer.name}/${variable.name}`;
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

function planLayer(
  layers: readonly LayerSpec[],
  index: number,
  shapeAt: (position: number) => Shape,
): PlannedLayer {
  const spec = layers[index]!;
  const definition = definitionOf(spec);
  const inputs = inputPositions(layers, index);
  const inputShapes = inputs.map(shapeAt);
  const outputShape = definition.outputShape(spec, inputShapes, refuseLayer(spec, index));
  const variables = definition.variables(spec, inputShapes);
  return {
    index,
    name: layerName(spec, index),
    spec,
    definition,
    inputs,
    inputShapes,
    outputShape,
    variables,
  };
}

/**
 * Works out how the layers are joined, and every layer's shapes and variables.
 * @param inputShape of one example, e.g. [28, 28, 1]
 * @throws StudioError `shape-mismatch` at the first layer that does not fit its inputs (details: path, layer, index),
 * `invalid-input` where a name is not known or not unique, or where a layer's output is neither read nor a head
 */
export function planModel(spec: ModelSpec, inputShape: Shape): ModelPlan {
  checkNames(spec.layers);
  const layers: PlannedLayer[] = [];
  const shapeAt = (position: number): Shape =>
    position === INPUT ? inputShape : layers[position]!.outputShape;
  spec.layers.forEach((_, index) => layers.push(planLayer(spec.layers, index, shapeAt)));
  const heads = planHeads(spec);
  requireReaders(layers, heads);
  return { inputShape, outputShape: shapeAt(heads[0]?.layer ?? INPUT), layers, heads };
}

/** Does the model convolve? XLA is slow at it on a CPU. */
export function hasConvolutions(plan: ModelPlan): boolean {
  return plan.layers.some((layer) => layer.spec.kind === 'conv2d');
}
