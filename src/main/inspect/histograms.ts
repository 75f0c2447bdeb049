import * as tf from '@tensorflow/tfjs-core';
import type { SplitName } from '../../shared/schema/dataset.ts';
import type { LayerHistograms } from '../../shared/schema/results.ts';
import { countNumbers } from '../metrics/number-histogram.ts';
import { variableName, type ModelPlan, type PlannedLayer } from '../model/index.ts';
import { gatherTargets, passWithLoss } from './loss-pass.ts';
import type { OpenNet } from './open-net.ts';
import { gatherRows } from './row-batches.ts';
import { splitRows } from './split-rows.ts';
import { countDead, saturatedShare } from './unit-health.ts';

const MOST_EXAMPLES = 512;
/** Outputs are counted one by one: of large nets fewer examples are taken, so that it takes tenths of a second. */
const MOST_NUMBERS = 2 ** 24;

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function chooseExampleCount({ layers }: ModelPlan): number {
  const perExample = layers.reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0);
  return Math.max(1, Math.min(MOST_EXAMPLES, Math.floor(MOST_NUMBERS / perExample)));
}

/** Histograms of a layer's own values, found by the whole names of its parameters. */
function parameterHistograms(
  { state }: OpenNet,
  layer: PlannedLayer,
  gradients: ReadonlyMap<string, Float32Array>,
): LayerHistograms['parameters'] {
  const parameters = layer.variables.filter(({ role }) => role === 'parameter');
  return parameters.flatMap((variable) => {
    const whole = variableName(layer, variable);
    const found = state.find(({ name }) => name === whole);
    const gradient = gradients.get(whole);
    if (found === undefined || gradient === undefined) return [];
    const { name } = variable;
    return [{ name, histogram: countNumbers(found.values), gradient: countNumbers(gradient) }];
  });
}

type LayerOutputs = Omit<LayerHistograms, 'parameters'>;

function countOutputs(layer: PlannedLayer, outputs: Float32Array): LayerOutputs {
  const units = layer.outputShape.at(-1) ?? 1;
  return {
    layer: layer.name,
    activations: countNumbers(outputs),
    saturatedShare: saturatedShare(outputs, layer),
    deadUnits: countDead(outputs, units),
    units,
  };
}

/**
 * Histograms of every layer's parameters, of the loss's gradients for them and of its outputs, all on the first 512
 * examples of a split (fewer where the layers give more than 16 million numbers for them).
 * @throws StudioError `not-found` for a split without examples
 */
export async function computeHistograms(net: OpenNet, split: SplitName): Promise<LayerHistograms[]> {
  const { plan } = net;
  const { features, targets, rows } = await splitRows(net.run, split);
  const some = rows.subarray(0, chooseExampleCount(plan));
  const examples = gatherRows(features, some);
  const truth = targets.map((values) => gatherTargets(values, some));
  const counted: LayerOutputs[] = [];
  try {
    const gradients = passWithLoss(net, examples, truth, (index, outputs) => {
      counted.push(countOutputs(plan.layers[index]!, outputs));
    });
    return counted.map((outputs, index) => ({
      ...outputs,
      parameters: parameterHistograms(net, plan.layers[index]!, gradients),
    }));
  } finally {
    tf.dispose([examples, ...truth]);
  }
}
