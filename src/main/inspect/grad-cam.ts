import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import { forwardFrom, forwardTo, type ModelPlan, type PlannedLayer } from '../model/index.ts';
import { classLogit, type HeadAsked } from './class-logit.ts';
import { planeOf } from './image-plane.ts';
import { layerNamed } from './layer-outputs.ts';
import type { OpenNet } from './open-net.ts';
import { computeAll } from './read-numbers.ts';
import { resizeBilinear } from './resize-bilinear.ts';

function hasMaps({ outputShape }: PlannedLayer): boolean {
  return outputShape.length === 3;
}

function refuse(found: string, plan: ModelPlan): never {
  const known = plan.layers.filter(hasMaps).map(({ name }) => name);
  const wayOut =
    known.length === 0
      ? 'this net has none; take saliency or occlusion instead'
      : `take one of ${known.join(', ')}`;
  throw new StudioError('unsupported', `Grad-CAM: ${found}, expected a layer that gives maps; ${wayOut}`);
}

/** The layer of that name, or the last convolution. */
function chooseLayer(plan: ModelPlan, name: string | null): PlannedLayer {
  const layer =
    name === null ? plan.layers.findLast(({ spec }) => spec.kind === 'conv2d') : layerNamed(plan, name);
  if (layer === undefined) return refuse('found no convolution', plan);
  return hasMaps(layer)
    ? layer
    : refuse(`'${layer.name}' gives ${layer.outputShape.join('x')} numbers`, plan);
}

/** relu(sum over units of weight * map), where a unit's weight is the mean of its gradient. Both [positions, units] flat. */
function weighMaps(maps: Float32Array, gradients: Float32Array, units: number): Float32Array {
  const positions = maps.length / units;
  const weights = new Float64Array(units);
  gradients.forEach((gradient, i) => (weights[i % units]! += gradient / positions));
  return Float32Array.from({ length: positions }, (_, position) => {
    const start = position * units;
    return Math.max(
      0,
      weights.reduce((sum, weight, unit) => sum + weight * maps[start + unit]!, 0),
    );
  });
}

/**
 * Grad-CAM (Selvaraju et al. 2017) of a layer's maps, resized bilinearly to the image: [height, width] flat, not negative.
 * @param x one prepared example, [1, ...example]; borrowed
 * @param layer name of a layer that gives maps; null for the last convolution
 * @throws StudioError `unsupported` where there is no such layer, `not-found` for a name that is not there
 */
export function computeGradCam(
  { plan, context }: OpenNet,
  x: Tensor,
  { head, index }: HeadAsked,
  classIndex: number,
  layer: string | null,
): Float32Array<ArrayBuffer> {
  const chosen = chooseLayer(plan, layer);
  const [rows = 1, columns = 1, units = 1] = chosen.outputShape;
  const logit = (output: Tensor): Tensor =>
    tf.sum(classLogit(head, forwardFrom(plan, x, context, chosen.index, output)[index]!, classIndex));
  const [maps, gradients] = computeAll(() => {
    const output = forwardTo(plan, x, context, chosen.index);
    return [output, tf.grad(logit)(output)];
  });
  const { height, width } = planeOf(plan.inputShape);
  return resizeBilinear(weighMaps(maps!, gradients!, units), [rows, columns], [height, width]);
}
