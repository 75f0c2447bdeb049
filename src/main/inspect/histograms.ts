import type { SplitName } from '../../shared/schema/dataset.ts';
import type { LayerHistograms } from '../../shared/schema/results.ts';
import { countNumbers } from '../metrics/number-histogram.ts';
import { variableName, type ModelPlan, type PlannedLayer } from '../model/index.ts';
import type { OpenNet } from './open-net.ts';
import { gatherRows } from './row-batches.ts';
import { splitRows } from './split-rows.ts';

const MOST_EXAMPLES = 512;
/** All layers' outputs are alive at once; of very large nets fewer examples are taken. 256 MB of float32. */
const MOST_NUMBERS = 2 ** 26;
/** Outputs smaller than this count as none. */
const DEAD = 1e-6;

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function chooseExampleCount({ layers }: ModelPlan): number {
  const perExample = layers.reduce((sum, { outputShape }) => sum + sizeOf(outputShape), 0);
  return Math.max(1, Math.min(MOST_EXAMPLES, Math.floor(MOST_NUMBERS / perExample)));
}

/** Units along the last axis (channels of an image) that stay at zero for all examples and positions. */
function countDead(outputs: Float32Array, units: number): number {
  const isAlive = new Uint8Array(units);
  for (let start = 0; start < outputs.length; start += units) {
    for (let unit = 0; unit < units; unit++) {
      if (!(Math.abs(outputs[start + unit]!) < DEAD)) isAlive[unit] = 1;
    }
  }
  return isAlive.reduce((dead, alive) => dead + 1 - alive, 0);
}

function parameterHistograms({ state }: OpenNet, layer: PlannedLayer): LayerHistograms['parameters'] {
  const parameters = layer.variables.filter(({ role }) => role === 'parameter');
  return parameters.flatMap((variable) => {
    const whole = variableName(layer, variable);
    const found = state.find(({ name }) => name === whole);
    return found === undefined ? [] : [{ name: variable.name, histogram: countNumbers(found.values) }];
  });
}

/**
 * Histograms of every layer's parameters, and of its outputs on the first 512 examples of a split (fewer where the
 * layers are so large that those would not fit in 256 MB).
 * @throws StudioError `not-found` for a split without examples
 */
export async function computeHistograms(net: OpenNet, split: SplitName): Promise<LayerHistograms[]> {
  const { plan } = net;
  const { features, rows } = await splitRows(net.run, split);
  const examples = gatherRows(features, rows.subarray(0, chooseExampleCount(plan)));
  const histograms: LayerHistograms[] = [];
  net.visitLayers(examples, (index, outputs) => {
    const layer = plan.layers[index]!;
    const units = layer.outputShape.at(-1) ?? 1;
    histograms.push({
      layer: layer.name,
      parameters: parameterHistograms(net, layer),
      activations: countNumbers(outputs),
      deadUnits: countDead(outputs, units),
      units,
    });
  });
  examples.dispose();
  return histograms;
}
