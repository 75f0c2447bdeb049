import { StudioError } from '../../shared/ipc/errors.ts';
import type { LayerFilters } from '../../shared/schema/inspection.ts';
import { variableName, type ModelPlan, type PlannedLayer } from '../model/index.ts';
import { layerNamed } from './layer-outputs.ts';
import { numberRange } from './number-range.ts';
import type { OpenNet } from './open-net.ts';

function isConvolution({ spec }: PlannedLayer): boolean {
  return spec.kind === 'conv2d';
}

function refuse(found: string, { layers }: ModelPlan): never {
  const known = layers.filter(isConvolution).map(({ name }) => name);
  const wayOut =
    known.length === 0 ? 'it has none; look at its histograms instead' : `take one of ${known.join(', ')}`;
  throw new StudioError('unsupported', `filters: ${found}, expected a convolution of this net; ${wayOut}`);
}

function chooseConvolution(plan: ModelPlan, name: string | null): PlannedLayer {
  const layer = name === null ? plan.layers.find(isConvolution) : layerNamed(plan, name);
  if (layer === undefined) return refuse('found no convolution', plan);
  return isConvolution(layer) ? layer : refuse(`found '${layer.name}', a ${layer.spec.kind} layer`, plan);
}

/**
 * The kernel of a convolution.
 * @param name null for the first convolution
 * @throws StudioError `not-found` for a layer that is not there, `unsupported` for one that does not convolve
 */
export function readFilters({ plan, state }: OpenNet, name: string | null): LayerFilters {
  const layer = chooseConvolution(plan, name);
  const weight = layer.variables.find((variable) => variable.name === 'weight')!;
  const found = state.find((tensor) => tensor.name === variableName(layer, weight));
  if (found === undefined)
    throw new StudioError('internal', `filters: the state has no '${layer.name}/weight'`);
  const [height = 1, width = 1, inputs = 1, outputs = 1] = found.shape;
  const values = Float32Array.from(found.values);
  return { layer: layer.name, shape: [height, width, inputs, outputs], values, ...numberRange(values) };
}
