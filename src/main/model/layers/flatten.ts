import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type LayerDefinition, type LayerOf } from './definition.ts';

/** Lays the features of an example in one row, the last axis fastest. */
export const flattenLayer: LayerDefinition<LayerOf<'flatten'>> = {
  outputShape: (_layer, input) => [sizeOf(input)],
  variables: () => [],
  reach: () => ({ kind: 'point' }),
  forwardFlops: () => 0,
  forward: (_layer, x) => tf.reshape(x, [x.shape[0], sizeOf(x.shape.slice(1))]),
};
