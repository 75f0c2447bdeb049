import type { LayerSummary, ModelSpec, ModelSummary } from '../../shared/schema/model.ts';
import { INPUT, INPUT_NAME } from './graph.ts';
import { sizeOf, type VariableSpec } from './layers/definition.ts';
import { planModel, type ModelPlan, type PlannedLayer } from './plan.ts';
import { extendField, singlePixel, widestField, type ReceptiveField } from './receptive-field.ts';

/** Numbers that variables hold together. */
export function countParameters(variables: readonly VariableSpec[]): number {
  return variables.reduce((count, variable) => count + sizeOf(variable.shape), 0);
}

function summariseLayer(
  layer: PlannedLayer,
  inputs: readonly string[],
  field: ReceptiveField | null,
): LayerSummary {
  const { definition, spec, inputShapes, outputShape } = layer;
  // A row of numbers has no neighbourhood, so its field of view is left open.
  const receptiveField = field !== null && outputShape.length === 3 ? field.size : null;
  return {
    index: layer.index,
    name: layer.name,
    kind: spec.kind,
    inputs: [...inputs],
    outputShape: [...outputShape],
    parameterCount: countParameters(layer.variables),
    receptiveField: receptiveField === null ? null : [...receptiveField],
    forwardFlops: definition.forwardFlops(spec, inputShapes, outputShape),
  };
}

/** What each layer's output sees of the image. */
function receptiveFields(plan: ModelPlan): readonly (ReceptiveField | null)[] {
  const fields: (ReceptiveField | null)[] = [];
  const start = plan.inputShape.length === 3 ? singlePixel : null;
  for (const { inputs, definition, spec } of plan.layers) {
    const seen = inputs.map((position) => (position === INPUT ? start : fields[position]!));
    fields.push(extendField(widestField(seen), definition.reach(spec)));
  }
  return fields;
}

/** The table of a planned model: shapes, counts, receptive fields, work per example. */
export function summarisePlan(plan: ModelPlan): ModelSummary {
  const fields = receptiveFields(plan);
  const nameAt = (position: number): string =>
    position === INPUT ? INPUT_NAME : plan.layers[position]!.name;
  const layers = plan.layers.map((layer) =>
    summariseLayer(layer, layer.inputs.map(nameAt), fields[layer.index]!),
  );
  const variables = plan.layers.flatMap((layer) => layer.variables);
  return {
    inputShape: [...plan.inputShape],
    layers,
    parameterCount: countParameters(variables),
    trainableCount: countParameters(variables.filter((variable) => variable.role === 'parameter')),
    forwardFlops: layers.reduce((sum, layer) => sum + layer.forwardFlops, 0),
  };
}

/**
 * What a model comes to, before anything is built.
 * @param inputShape of one example, e.g. [28, 28, 1]
 * @throws StudioError as {@link planModel}
 */
export function summariseModel(spec: ModelSpec, inputShape: readonly number[]): ModelSummary {
  return summarisePlan(planModel(spec, inputShape));
}
