import type { ActivationKind } from '../../../shared/schema/model.ts';
import { encodeOnnx, type OnnxAttribute, type OnnxConstant, type OnnxNode } from './onnx-proto.ts';
import { samePadding } from './padding.ts';
import type { PortableNet, PortableNode, PortableOp } from './portable-net.ts';

type Of<K extends PortableOp['op']> = Extract<PortableOp, { op: K }>;
type Attributes = Readonly<Record<string, OnnxAttribute>>;

const isImage = (shape: readonly number[]): boolean => shape.length === 3;

/** [height, width, channels] in ONNX's order. */
function channelsFirst(shape: readonly number[]): readonly number[] {
  const [height = 1, width = 1, channels = 1] = shape;
  return isImage(shape) ? [channels, height, width] : shape;
}

/** A kernel [height, width, inputs, outputs] as [outputs, inputs, height, width]. */
function turnKernel({ kernelShape, kernel }: Of<'convolution'>): Float32Array {
  const [height, width, inputs, outputs] = kernelShape;
  const turned = new Float32Array(kernel.length);
  kernel.forEach((value, at) => {
    const output = at % outputs;
    const input = Math.floor(at / outputs) % inputs;
    const column = Math.floor(at / (outputs * inputs)) % width;
    const row = Math.floor(at / (outputs * inputs * width));
    turned[((output * inputs + input) * height + row) * width + column] = value;
  });
  return turned;
}

/** An example's numbers [height, width, channels] as [channels, height, width]. */
function turnExample(values: Float32Array, shape: readonly number[]): Float32Array {
  if (!isImage(shape)) return values;
  const [, , channels = 1] = shape;
  const places = values.length / channels;
  const turned = new Float32Array(values.length);
  values.forEach((value, at) => {
    turned[(at % channels) * places + Math.floor(at / channels)] = value;
  });
  return turned;
}

/** Writes nodes and constants; images are kept with their channels first, as ONNX's operators take them. */
class OnnxWriter {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];

  node(operator: string, output: string, inputs: readonly string[], attributes: Attributes = {}): void {
    this.nodes.push({ name: output, operator, inputs, outputs: [output], attributes });
  }

  constant(name: string, shape: readonly number[], values: Float32Array | BigInt64Array): string {
    this.constants.push({ name, shape, values });
    return name;
  }

  integers(name: string, values: readonly number[]): string {
    return this.constant(name, [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  write(node: PortableNode): void {
    const inputs = node.inputs.map(({ name }) => name);
    const [shape = []] = node.inputs.map((input) => input.shape);
    const { operation, name } = node;
    switch (operation.op) {
      case 'affine':
        return this.#affine(operation, name, inputs, shape);
      case 'product':
        return this.#product(operation, name, inputs);
      case 'convolution':
        return this.#convolution(operation, name, inputs, shape);
      case 'pool':
        return this.#pool(operation, name, inputs, shape);
      case 'global-pool':
        return this.#globalPool(operation, name, inputs);
      case 'activation':
        return this.node(...activate(operation, name, inputs, shape));
      case 'reshape':
        return this.#reshape(node, inputs, shape);
      case 'add':
        return this.node('Sum', name, inputs);
      case 'concatenate':
        return this.node('Concat', name, inputs, { axis: 1 });
      default:
        return operation satisfies never;
    }
  }

  #affine(
    { shape: of, factor, shift }: Of<'affine'>,
    name: string,
    inputs: readonly string[],
    shape: readonly number[],
  ): void {
    const channelWise = of.length === 1 && isImage(shape);
    const sides = channelWise ? [of[0] ?? 1, 1, 1] : channelsFirst(of);
    const turn = (values: Float32Array) => (channelWise ? values : turnExample(values, of));
    this.node('Mul', `${name}-scaled`, [...inputs, this.constant(`${name}-factor`, sides, turn(factor))]);
    this.node('Add', name, [`${name}-scaled`, this.constant(`${name}-shift`, sides, turn(shift))]);
  }

  #product(
    { inputs: rows, outputs, weight, bias }: Of<'product'>,
    name: string,
    inputs: readonly string[],
  ): void {
    const constants = [this.constant(`${name}-weight`, [rows, outputs], weight)];
    if (bias !== null) constants.push(this.constant(`${name}-bias`, [outputs], bias));
    this.node('Gemm', name, [...inputs, ...constants]);
  }

  #convolution(
    operation: Of<'convolution'>,
    name: string,
    inputs: readonly string[],
    shape: readonly number[],
  ): void {
    const { kernelShape, strides, dilation, bias } = operation;
    const [height, width, channels, filters] = kernelShape;
    const kernel = this.constant(`${name}-kernel`, [filters, channels, height, width], turnKernel(operation));
    const constants = bias === null ? [kernel] : [kernel, this.constant(`${name}-bias`, [filters], bias)];
    const window = [(height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1] as const;
    this.node('Conv', name, [...inputs, ...constants], {
      kernel_shape: [height, width],
      strides,
      dilations: dilation,
      pads: padsOf(operation, window, shape),
    });
  }

  #pool(operation: Of<'pool'>, name: string, inputs: readonly string[], shape: readonly number[]): void {
    const { mode, size, strides } = operation;
    const attributes = { kernel_shape: size, strides, pads: padsOf(operation, size, shape) };
    if (mode === 'max') this.node('MaxPool', name, inputs, attributes);
    else this.node('AveragePool', name, inputs, { ...attributes, count_include_pad: 0 });
  }

  #globalPool({ mode }: Of<'global-pool'>, name: string, inputs: readonly string[]): void {
    const operator = mode === 'max' ? 'GlobalMaxPool' : 'GlobalAveragePool';
    this.node(operator, `${name}-pooled`, inputs);
    this.node('Flatten', name, [`${name}-pooled`], { axis: 1 });
  }

  /** Between rows and images the order of an image's numbers changes, too. */
  #reshape({ name, outputShape }: PortableNode, inputs: readonly string[], shape: readonly number[]): void {
    const [input = ''] = inputs;
    const last = isImage(shape) ? this.channelsLast(`${name}-last`, input) : input;
    const target = isImage(outputShape) ? `${name}-image` : name;
    this.node('Reshape', target, [last, this.integers(`${name}-shape`, [-1, ...outputShape])]);
    if (isImage(outputShape)) this.node('Transpose', name, [target], { perm: [0, 3, 1, 2] });
  }

  channelsLast(name: string, input: string): string {
    this.node('Transpose', name, [input], { perm: [0, 2, 3, 1] });
    return name;
  }
}

/** [top, left, bottom, right] */
function padsOf(
  { padding, strides }: { padding: 'same' | 'valid'; strides: readonly [number, number] },
  window: readonly [number, number],
  shape: readonly number[],
): number[] {
  if (padding === 'valid') return [0, 0, 0, 0];
  const [top, bottom] = samePadding(shape[0] ?? 1, window[0], strides[0]);
  const [left, right] = samePadding(shape[1] ?? 1, window[1], strides[1]);
  return [top, left, bottom, right];
}

const OPERATORS: Readonly<Record<ActivationKind, string>> = {
  linear: 'Identity',
  relu: 'Relu',
  relu6: 'Min',
  'leaky-relu': 'LeakyRelu',
  elu: 'Elu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  softmax: 'Softmax',
};

function activate(
  { activation, negativeSlope }: Of<'activation'>,
  name: string,
  inputs: readonly string[],
  shape: readonly number[],
): [string, string, readonly string[], Attributes] {
  if (activation === 'leaky-relu') return ['LeakyRelu', name, inputs, { alpha: { float: negativeSlope } }];
  if (activation === 'softmax') return ['Softmax', name, inputs, { axis: isImage(shape) ? 1 : -1 }];
  return [OPERATORS[activation], name, inputs, {}];
}

/** relu6 has no operator of its own: Relu, then Clip at 6. */
function writeClipped(writer: OnnxWriter, { name, inputs }: PortableNode): void {
  const six = writer.constant(`${name}-six`, [], Float32Array.of(6));
  writer.node(
    'Relu',
    `${name}-above`,
    inputs.map((input) => input.name),
  );
  writer.node('Min', name, [`${name}-above`, six]);
}

/** A head may be called like a layer; its output is not the layer's value. */
const within = (node: string): string => `net/${node}`;

/**
 * A net as an ONNX model (opset 17): input "input" and outputs as {@link PortableNet} has them, images with their
 * channels last.
 */
export function writeOnnx(
  net: PortableNet,
  about: {
    readonly name: string;
    readonly version: string;
    readonly metadata: Readonly<Record<string, string>>;
  },
): Uint8Array {
  const writer = new OnnxWriter();
  const turned = isImage(net.inputShape) ? within('input') : net.inputName;
  if (turned !== net.inputName) writer.node('Transpose', turned, [net.inputName], { perm: [0, 3, 1, 2] });
  const valueOf = (node: string): string => (node === net.inputName ? turned : within(node));
  for (const node of net.nodes) {
    const inputs = node.inputs.map(({ name, shape }) => ({ name: valueOf(name), shape }));
    const renamed = { ...node, name: within(node.name), inputs };
    if (node.operation.op === 'activation' && node.operation.activation === 'relu6')
      writeClipped(writer, renamed);
    else writer.write(renamed);
  }
  for (const { name, node, shape } of net.outputs) {
    if (isImage(shape)) writer.channelsLast(name, valueOf(node));
    else writer.node('Identity', name, [valueOf(node)]);
  }
  return encodeOnnx({
    name: about.name,
    nodes: writer.nodes,
    constants: writer.constants,
    inputs: [{ name: net.inputName, shape: net.inputShape }],
    outputs: net.outputs.map(({ name, shape }) => ({ name, shape })),
    producerVersion: about.version,
    metadata: about.metadata,
  });
}
