import type { ActivationKind } from '../../../shared/schema/model.ts';
import type { PortableNet, PortableNode, PortableOp } from './portable-net.ts';

/** One weight of the manifest with its numbers. */
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A layer of Keras' functional form. */
interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
  readonly weights: readonly Weight[];
}

/** A model in TensorFlow.js' layers format: `model.json` and the weights it names. */
export interface LayersModelFiles {
  readonly modelJson: string;
  readonly weights: Uint8Array;
}

const WEIGHTS_FILE = 'weights.bin';

/** What a batch norm divides by is then exactly one. */
const NO_EPSILON = 1e-12;

type Of<K extends PortableOp['op']> = Extract<PortableOp, { op: K }>;

const CLASSES: Readonly<Partial<Record<ActivationKind, string>>> = { 'leaky-relu': 'LeakyReLU' };

function weightsOf(
  name: string,
  parts: Readonly<Record<string, readonly [readonly number[], Float32Array]>>,
): Weight[] {
  return Object.entries(parts).map(([part, [shape, values]]) => ({ name: `${name}/${part}`, shape, values }));
}

/** Factor and shift per feature are a batch norm of mean 0 and variance 1. */
function normLayer(name: string, input: string, { factor, shift }: Of<'affine'>): KerasLayer {
  const size = [factor.length];
  return {
    className: 'BatchNormalization',
    name,
    config: { axis: -1, epsilon: NO_EPSILON, center: true, scale: true },
    inputs: [input],
    weights: weightsOf(name, {
      gamma: [size, factor],
      beta: [size, shift],
      moving_mean: [size, new Float32Array(factor.length)],
      moving_variance: [size, new Float32Array(factor.length).fill(1)],
    }),
  };
}

function reshapeLayer(name: string, input: string, shape: readonly number[]): KerasLayer {
  return { className: 'Reshape', name, config: { target_shape: shape }, inputs: [input], weights: [] };
}

/** One number for all as Rescaling, one per channel as a batch norm, one per feature as a batch norm of the flat row. */
function affineLayers(
  name: string,
  input: string,
  operation: Of<'affine'>,
  shape: readonly number[],
): KerasLayer[] {
  if (operation.shape.length === 0) {
    const config = { scale: operation.factor[0], offset: operation.shift[0] };
    return [{ className: 'Rescaling', name, config, inputs: [input], weights: [] }];
  }
  if (operation.shape.length === 1) return [normLayer(name, input, operation)];
  return [
    reshapeLayer(`${name}-row`, input, [operation.factor.length]),
    normLayer(`${name}-affine`, `${name}-row`, operation),
    reshapeLayer(name, `${name}-affine`, shape),
  ];
}

function productLayer(name: string, input: string, operation: Of<'product'>): KerasLayer {
  const { inputs, outputs, weight, bias } = operation;
  return {
    className: 'Dense',
    name,
    config: { units: outputs, activation: 'linear', use_bias: bias !== null },
    inputs: [input],
    weights: weightsOf(name, {
      kernel: [[inputs, outputs], weight],
      ...(bias !== null && { bias: [[outputs], bias] as const }),
    }),
  };
}

function convolutionLayer(name: string, input: string, operation: Of<'convolution'>): KerasLayer {
  const { kernelShape, kernel, bias, strides, dilation, padding } = operation;
  const [height, width, , filters] = kernelShape;
  return {
    className: 'Conv2D',
    name,
    config: {
      filters,
      kernel_size: [height, width],
      strides,
      dilation_rate: dilation,
      padding,
      data_format: 'channels_last',
      activation: 'linear',
      use_bias: bias !== null,
    },
    inputs: [input],
    weights: weightsOf(name, {
      kernel: [kernelShape, kernel],
      ...(bias !== null && { bias: [[filters], bias] as const }),
    }),
  };
}

function activationLayer(name: string, input: string, operation: Of<'activation'>): KerasLayer {
  const { activation, negativeSlope } = operation;
  const className = CLASSES[activation] ?? 'Activation';
  const config = className === 'Activation' ? { activation } : { alpha: negativeSlope };
  return { className, name, config, inputs: [input], weights: [] };
}

/** A node as layers; the last one has its name. */
function layersOf({ name, operation, inputs, outputShape }: PortableNode): KerasLayer[] {
  const read = inputs.map((input) => input.name);
  const [input = ''] = read;
  const plain = (className: string, config: Readonly<Record<string, unknown>> = {}): KerasLayer[] => [
    { className, name, config, inputs: read, weights: [] },
  ];
  const channelsLast = { data_format: 'channels_last' };
  switch (operation.op) {
    case 'affine':
      return affineLayers(name, input, operation, outputShape);
    case 'product':
      return [productLayer(name, input, operation)];
    case 'convolution':
      return [convolutionLayer(name, input, operation)];
    case 'pool':
      return plain(operation.mode === 'max' ? 'MaxPooling2D' : 'AveragePooling2D', {
        ...channelsLast,
        pool_size: operation.size,
        strides: operation.strides,
        padding: operation.padding,
      });
    case 'global-pool':
      return plain(operation.mode === 'max' ? 'GlobalMaxPooling2D' : 'GlobalAveragePooling2D', channelsLast);
    case 'activation':
      return [activationLayer(name, input, operation)];
    case 'reshape':
      return [reshapeLayer(name, input, outputShape)];
    case 'add':
      return plain('Add');
    case 'concatenate':
      return plain('Concatenate', { axis: -1 });
    default:
      return operation satisfies never;
  }
}

function topologyOf(net: PortableNet, name: string, layers: readonly KerasLayer[]): unknown {
  const input = {
    class_name: 'InputLayer',
    name: net.inputName,
    config: {
      batch_input_shape: [null, ...net.inputShape],
      dtype: 'float32',
      sparse: false,
      name: net.inputName,
    },
    inbound_nodes: [],
  };
  const others = layers.map((layer) => ({
    class_name: layer.className,
    name: layer.name,
    config: { name: layer.name, trainable: true, dtype: 'float32', ...layer.config },
    inbound_nodes: [layer.inputs.map((from) => [from, 0, 0, {}])],
  }));
  return {
    class_name: 'Functional',
    config: {
      name,
      layers: [input, ...others],
      input_layers: [[net.inputName, 0, 0]],
      output_layers: net.outputs.map(({ node }) => [node, 0, 0]),
    },
    keras_version: '2.15.0',
    backend: 'tensorflow',
  };
}

/**
 * A net in TensorFlow.js' layers format. Its outputs come in the order of {@link PortableNet.outputs}, under the names of
 * their layers, as the format has it.
 * @param about goes into `userDefinedMetadata`
 */
export function writeLayersModel(
  net: PortableNet,
  about: {
    readonly name: string;
    readonly version: string;
    readonly metadata: Readonly<Record<string, string>>;
  },
): LayersModelFiles {
  const layers = net.nodes.flatMap(layersOf);
  const weights = layers.flatMap((layer) => layer.weights);
  const modelJson = JSON.stringify({
    format: 'layers-model',
    generatedBy: `Epoch Studio ${about.version}`,
    convertedBy: null,
    modelTopology: topologyOf(net, about.name, layers),
    weightsManifest: [
      {
        paths: [WEIGHTS_FILE],
        weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
    userDefinedMetadata: about.metadata,
  });
  const parts = weights.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return { modelJson, weights: new Uint8Array(Buffer.concat(parts)) };
}
