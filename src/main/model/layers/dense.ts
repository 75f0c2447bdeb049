import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { applyActivation } from './activation.ts';
import {
  describeShape,
  sizeOf,
  type LayerContext,
  type LayerDefinition,
  type LayerOf,
  type RefuseLayer,
  type Shape,
  type VariableSpec,
} from './definition.ts';

type Dense = LayerOf<'dense'>;

function outputShape(layer: Dense, input: Shape, refuse: RefuseLayer): Shape {
  if (input.length !== 1) {
    refuse(`takes a row of numbers and is given ${describeShape(input)}`, 'put a flatten layer before it');
  }
  return [layer.units];
}

function variables(layer: Dense, input: Shape): VariableSpec[] {
  const fans = { fanIn: sizeOf(input), fanOut: layer.units, role: 'parameter' } as const;
  const weight = {
    ...fans,
    name: 'weight',
    shape: [fans.fanIn, layer.units],
    initializer: layer.weightInitializer,
  };
  const bias = { ...fans, name: 'bias', shape: [layer.units], initializer: layer.biasInitializer };
  return layer.useBias ? [weight, bias] : [weight];
}

function forward(layer: Dense, x: Tensor, context: LayerContext): Tensor {
  // Separate ops: tfjs's fused kernels lack some of the gradients.
  const product: Tensor = tf.matMul(x, context.variable('weight'));
  const sum = layer.useBias ? context.ops.biasAdd(product, context.variable('bias')) : product;
  return applyActivation(layer.activation, sum, layer.negativeSlope);
}

/** y = activation(x W + b), W [inputs, units]. */
export const denseLayer: LayerDefinition<Dense> = {
  outputShape,
  variables,
  reach: () => ({ kind: 'global' }),
  forwardFlops: (layer, input) => 2 * sizeOf(input) * layer.units,
  forward,
};
