import type { FeatureMaps, NetInput } from '../../shared/schema/inspection.ts';
import { forwardTo } from '../model/index.ts';
import { layerNamed } from './layer-outputs.ts';
import { feedInputs } from './net-input.ts';
import { numberRange } from './number-range.ts';
import type { OpenNet } from './open-net.ts';
import { computeNumbers } from './read-numbers.ts';

/** Mean of each unit over all positions; `values` [positions, units] flat. */
function unitMeans(values: Float32Array, units: number): Float64Array {
  const sums = new Float64Array(units);
  for (let start = 0; start < values.length; start += units) {
    for (let unit = 0; unit < units; unit++) sums[unit]! += values[start + unit]!;
  }
  return sums.map((sum) => (sum * units) / values.length);
}

/** Units in the order of their means, the largest first; of equals the first. */
function strongestFirst(means: Float64Array): Int32Array<ArrayBuffer> {
  const order = Int32Array.from(means.keys());
  return order.sort((a, b) => means[b]! - means[a]! || a - b);
}

/**
 * What every unit of a layer gives for one example.
 * @throws StudioError `not-found` for a layer or a row that is not there, and as {@link feedInputs}
 */
export async function computeFeatureMaps(net: OpenNet, name: string, input: NetInput): Promise<FeatureMaps> {
  const { plan, prepared, context, run } = net;
  const { index, outputShape } = layerNamed(plan, name);
  const example = await feedInputs(run, [input]);
  const outputs = computeNumbers(() =>
    forwardTo(plan, prepared.preprocessing.apply(example), context, index),
  );
  example.dispose();
  const values = Float32Array.from(outputs);
  const means = unitMeans(values, outputShape.at(-1) ?? 1);
  return {
    layer: name,
    shape: [...outputShape],
    values,
    order: strongestFirst(means),
    ...numberRange(values),
  };
}
