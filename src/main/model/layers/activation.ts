import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { ActivationKind } from '../../../shared/schema/model.ts';
import type { LayerDefinition, LayerOf } from './definition.ts';

type ActivationFunction = (x: Tensor, negativeSlope: number) => Tensor;

const functions = {
  linear: (x) => x,
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  'leaky-relu': (x, negativeSlope) => tf.leakyRelu(x, negativeSlope),
  elu: (x) => tf.elu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  softplus: (x) => tf.softplus(x),
  softmax: (x) => tf.softmax(x),
} as const satisfies Readonly<Record<ActivationKind, ActivationFunction>>;

/**
 * Applies an activation elementwise (softmax over the last axis). `linear` returns `x` itself.
 * @param negativeSlope of leaky-relu; the others ignore it (elu has alpha 1, as in PyTorch and Keras)
 */
export function applyActivation(kind: ActivationKind, x: Tensor, negativeSlope: number): Tensor {
  return functions[kind](x, negativeSlope);
}

/** An activation on its own. */
export const activationLayer: LayerDefinition<LayerOf<'activation'>> = {
  outputShape: (_layer, input) => input,
  variables: () => [],
  reach: () => ({ kind: 'point' }),
  forwardFlops: () => 0,
  forward: (layer, x) => applyActivation(layer.activation, x, layer.negativeSlope),
};
