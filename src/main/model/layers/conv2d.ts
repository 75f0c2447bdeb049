import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { applyActivation } from './activation.ts';
import type {
  LayerContext,
  LayerDefinition,
  LayerOf,
  RefuseLayer,
  Shape,
  VariableSpec,
} from './definition.ts';
import { requireImage, slide } from './image.ts';

type Conv2d = LayerOf<'conv2d'>;

/** The kernel's extent once its taps are spread out: (k - 1) * dilation + 1. */
function dilatedSize(layer: Conv2d): [number, number] {
  const { kernelSize, dilation } = layer;
  return [(kernelSize[0] - 1) * dilation[0] + 1, (kernelSize[1] - 1) * dilation[1] + 1];
}

function outputShape(layer: Conv2d, input: Shape, refuse: RefuseLayer): Shape {
  const image = requireImage(input, refuse);
  const window = { size: dilatedSize(layer), strides: layer.strides, padding: layer.padding };
  return [...slide(image, window, refuse, 'kernelSize'), layer.filters];
}

function variables(layer: Conv2d, input: Shape): VariableSpec[] {
  const [height, width] = layer.kernelSize;
  const channels = input[2] ?? 1;
  const fans = {
    fanIn: height * width * channels,
    fanOut: height * width * layer.filters,
    role: 'parameter',
  } as const;
  const shape = [height, width, channels, layer.filters];
  const weight = { ...fans, name: 'weight', shape, initializer: layer.weightInitializer };
  const bias = { ...fans, name: 'bias', shape: [layer.filters], initializer: layer.biasInitializer };
  return layer.useBias ? [weight, bias] : [weight];
}

/**
 * Puts dilation - 1 zeros between the taps of a kernel [height, width, in, out]. tfjs has no gradient of a dilated
 * convolution (nor TensorFlow one on the CPU), but of padding and reshaping; the result is the same.
 */
function spreadTaps(kernel: Tensor4D, dilation: readonly [number, number]): Tensor4D {
  const [height, width, channels, filters] = kernel.shape;
  const [down, right] = dilation;
  const apart = tf.pad(tf.reshape(kernel, [height, 1, width, 1, channels * filters]), [
    [0, 0],
    [0, down - 1],
    [0, 0],
    [0, right - 1],
    [0, 0],
  ]);
  const spread: Tensor4D = tf.reshape(apart, [height * down, width * right, channels, filters]);
  const extent: [number, number] = [(height - 1) * down + 1, (width - 1) * right + 1];
  return tf.slice(spread, [0, 0, 0, 0], [...extent, channels, filters]);
}

function forward(layer: Conv2d, x: Tensor, context: LayerContext): Tensor {
  const weight = context.variable('weight') as Tensor4D;
  const dilated = layer.dilation[0] > 1 || layer.dilation[1] > 1;
  const kernel = dilated ? spreadTaps(weight, layer.dilation) : weight;
  const map: Tensor = tf.conv2d(x as Tensor4D, kernel, layer.strides, layer.padding);
  const sum = layer.useBias ? context.ops.biasAdd(map, context.variable('bias')) : map;
  return applyActivation(layer.activation, sum, layer.negativeSlope);
}

/** Convolution (cross-correlation, as everywhere in deep learning) over NHWC images, kernel HWIO. */
export const conv2dLayer: LayerDefinition<Conv2d> = {
  outputShape,
  variables,
  reach: (layer) => ({ kind: 'window', size: dilatedSize(layer), strides: layer.strides }),
  forwardFlops(layer, input, output) {
    const [height = 0, width = 0] = output;
    const taps = layer.kernelSize[0] * layer.kernelSize[1] * (input[2] ?? 1);
    return 2 * height * width * taps * layer.filters;
  },
  forward,
};
