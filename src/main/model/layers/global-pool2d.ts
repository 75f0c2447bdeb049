import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerDefinition, LayerOf } from './definition.ts';
import { requireImage } from './image.ts';

type GlobalPool2d = LayerOf<'global-average-pool2d' | 'global-max-pool2d'>;

/** x [batch, height, width, channels] -> [batch, channels] */
function defineGlobalPool(reduce: (x: Tensor4D) => Tensor): LayerDefinition<GlobalPool2d> {
  return {
    outputShape: (_layer, input, refuse) => [requireImage(input, refuse)[2]],
    variables: () => [],
    reach: () => ({ kind: 'global' }),
    forwardFlops: () => 0,
    forward: (_layer, x) => reduce(x as Tensor4D),
  };
}

/** As one large window: of equal maxima the gradient then goes to one, as in PyTorch, not to each. */
function maximumOfAll(x: Tensor4D): Tensor {
  const [batch, height, width, channels] = x.shape;
  return tf.reshape(tf.maxPool(x, [height, width], 1, 'valid'), [batch, channels]);
}

/** Mean over each channel. */
export const globalAveragePool2dLayer: LayerDefinition<LayerOf<'global-average-pool2d'>> = defineGlobalPool(
  (x) => tf.mean(x, [1, 2]),
);

/** Largest value of each channel. */
export const globalMaxPool2dLayer: LayerDefinition<LayerOf<'global-max-pool2d'>> =
  defineGlobalPool(maximumOfAll);
