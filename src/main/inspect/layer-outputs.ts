import type { Tensor } from '@tensorflow/tfjs-core';
import { StudioError } from '../../shared/ipc/errors.ts';
import { INPUT } from '../model/graph.ts';
import { forwardLayers, type ForwardContext, type ModelPlan, type PlannedLayer } from '../model/index.ts';
import type { FittedPreprocessing } from '../preprocess/index.ts';
import type { OpenNet } from './open-net.ts';
import { computeAll } from './read-numbers.ts';

/** What a pass through a net reads; all borrowed. */
export interface NetPass {
  readonly plan: ModelPlan;
  readonly preprocessing: FittedPreprocessing;
  readonly context: ForwardContext;
}

/** @throws StudioError `not-found` where the net has no layer of that name */
export function layerNamed(plan: ModelPlan, name: string): PlannedLayer {
  const found = plan.layers.find((layer) => layer.name === name);
  if (found !== undefined) return found;
  throw new StudioError(
    'not-found',
    `inspect: the net has no layer '${name}'; take one of ${plan.layers.map((layer) => layer.name).join(', ')}`,
    { layer: name },
  );
}

/**
 * What layers give for fed examples [batch, ...example] (borrowed), each [batch, ...shape] flat, in one pass.
 * @param layers positions in the plan; -1 for the prepared examples themselves
 */
export function readLayers(
  { plan, preprocessing, context }: NetPass,
  examples: Tensor,
  layers: readonly number[],
): Float32Array[] {
  return computeAll(() => {
    const x = preprocessing.apply(examples);
    const outputs = forwardLayers(plan, x, context);
    return layers.map((at) => (at === INPUT ? x : outputs[at]!));
  });
}

/** {@link readLayers} of an open net. */
export function layerOutputs(net: OpenNet, examples: Tensor, layers: readonly number[]): Float32Array[] {
  const { plan, context, run } = net;
  return readLayers({ plan, context, preprocessing: run.preprocessing }, examples, layers);
}
