import type { LayerSpec } from '../../../shared/schema/model.ts';
import type { LayerDefinition, NodeDefinition, RefuseLayer, Shape } from './definition.ts';

function onlyInput(inputs: readonly Shape[], refuse: RefuseLayer): Shape {
  const [input] = inputs;
  if (input !== undefined && inputs.length === 1) return input;
  return refuse(
    `takes one input and is given ${inputs.length}`,
    'bring them together with an add or concatenate layer first',
    'inputs',
  );
}

/** A layer with one input as a node of the plan's graph; refuses any other number of inputs. */
export function oneInput<L extends LayerSpec>(layer: LayerDefinition<L>): NodeDefinition<L> {
  return {
    outputShape: (spec, inputs, refuse) => layer.outputShape(spec, onlyInput(inputs, refuse), refuse),
    variables: (spec, inputs) => layer.variables(spec, inputs[0]!),
    reach: (spec) => layer.reach(spec),
    forwardFlops: (spec, inputs, output) => layer.forwardFlops(spec, inputs[0]!, output),
    forward: (spec, inputs, context) => layer.forward(spec, inputs[0]!, context),
  };
}
