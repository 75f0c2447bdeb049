import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayerDefinition, LayerOf, RefuseLayer, Shape } from './definition.ts';
import { requireImage, slide } from './image.ts';

type Pool2d = LayerOf<'max-pool2d' | 'average-pool2d'>;
type PoolFunction = typeof tf.maxPool;

function outputShape(layer: Pool2d, input: Shape, refuse: RefuseLayer): Shape {
  const image = requireImage(input, refuse);
  const window = {
    size: layer.poolSize,
    strides: layer.strides ?? layer.poolSize,
    padding: layer.padding,
  };
  return [...slide(image, window, refuse, 'poolSize'), image[2]];
}

function definePool(pool: PoolFunction): LayerDefinition<Pool2d> {
  return {
    outputShape,
    variables: () => [],
    reach: (layer) => ({
      kind: 'window',
      size: layer.poolSize,
      strides: layer.strides ?? layer.poolSize,
    }),
    forwardFlops: () => 0,
    forward: (layer, x): Tensor =>
      pool(x as Tensor4D, layer.poolSize, layer.strides ?? layer.poolSize, layer.padding),
  };
}

/** Largest value of each window. */
export const maxPool2dLayer: LayerDefinition<LayerOf<'max-pool2d'>> = definePool(tf.maxPool);

/** Mean of each window; padding does not count. */
export const averagePool2dLayer: LayerDefinition<LayerOf<'average-pool2d'>> = definePool(tf.avgPool);
