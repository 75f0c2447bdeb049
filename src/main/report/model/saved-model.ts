import type { ActivationKind } from '../../../shared/schema/model.ts';
import { DType } from '../../engine/native/dtype.ts';
import { encodeGraph, type AttributeValue, type NodeDef } from '../../engine/native/proto.ts';
import { bytes, concat, integer, text, type Bytes } from '../../engine/native/wire-format.ts';
import type { PortableNet, PortableNode, PortableOp } from './portable-net.ts';

type Of<K extends PortableOp['op']> = Extract<PortableOp, { op: K }>;
type Attributes = Readonly<Record<string, AttributeValue>>;

const float: AttributeValue = { kind: 'type', value: DType.float32 };
const index: AttributeValue = { kind: 'type', value: DType.int32 };
const layout: AttributeValue = { kind: 'string', value: 'NHWC' };

const ACTIVATIONS: Readonly<Record<ActivationKind, string>> = {
  linear: 'Identity',
  relu: 'Relu',
  relu6: 'Relu6',
  'leaky-relu': 'LeakyRelu',
  elu: 'Elu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  softplus: 'Softplus',
  softmax: 'Softmax',
};

const ints = (value: readonly number[]): AttributeValue => ({ kind: 'ints', value });
const overImage = ([down, right]: readonly [number, number]): AttributeValue => ints([1, down, right, 1]);
const padding = (value: 'same' | 'valid'): AttributeValue => ({ kind: 'string', value: value.toUpperCase() });

/** A net as nodes of a TensorFlow graph, its weights as constants. */
class GraphWriter {
  readonly nodes: NodeDef[] = [];

  node(op: string, name: string, inputs: readonly string[], attributes: Attributes = {}): string {
    this.nodes.push({ name, op, inputs, attributes: { T: float, ...attributes } });
    return name;
  }

  numbers(name: string, shape: readonly number[], values: Float32Array): string {
    return this.#constant(name, DType.float32, shape, values);
  }

  indices(name: string, values: readonly number[]): string {
    return this.#constant(name, DType.int32, [values.length], Int32Array.from(values));
  }

  #constant(
    name: string,
    dtype: number,
    shape: readonly number[],
    values: Float32Array | Int32Array,
  ): string {
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const value: AttributeValue = { kind: 'tensor', dtype, shape, content };
    this.nodes.push({
      name,
      op: 'Const',
      inputs: [],
      attributes: { dtype: { kind: 'type', value: dtype }, value },
    });
    return name;
  }

  write({ name, operation, inputs: read, outputShape }: PortableNode): void {
    const inputs = read.map((input) => input.name);
    switch (operation.op) {
      case 'affine':
        return this.#affine(operation, name, inputs);
      case 'product':
        return this.#product(operation, name, inputs);
      case 'convolution':
        return this.#convolution(operation, name, inputs);
      case 'pool':
        return this.#pool(operation, name, inputs);
      case 'global-pool':
        return this.#globalPool(operation, name, inputs);
      case 'activation':
        return this.#activation(operation, name, inputs);
      case 'reshape':
        return void this.node(
          'Reshape',
          name,
          [...inputs, this.indices(`${name}/shape`, [-1, ...outputShape])],
          {
            Tshape: index,
          },
        );
      case 'add':
        return void this.node('AddN', name, inputs, { N: { kind: 'int', value: inputs.length } });
      case 'concatenate':
        return this.#concatenate(name, inputs);
      default:
        return operation satisfies never;
    }
  }

  #affine({ shape, factor, shift }: Of<'affine'>, name: string, inputs: readonly string[]): void {
    const scaled = this.node('Mul', `${name}/scaled`, [
      ...inputs,
      this.numbers(`${name}/factor`, shape, factor),
    ]);
    this.node('AddV2', name, [scaled, this.numbers(`${name}/shift`, shape, shift)]);
  }

  #product(
    { inputs: rows, outputs, weight, bias }: Of<'product'>,
    name: string,
    inputs: readonly string[],
  ): void {
    const product = bias === null ? name : `${name}/product`;
    this.node('MatMul', product, [...inputs, this.numbers(`${name}/weight`, [rows, outputs], weight)]);
    this.#bias(name, product, bias);
  }

  #convolution(operation: Of<'convolution'>, name: string, inputs: readonly string[]): void {
    const { kernelShape, kernel, bias, strides, dilation } = operation;
    const map = bias === null ? name : `${name}/map`;
    this.node('Conv2D', map, [...inputs, this.numbers(`${name}/kernel`, kernelShape, kernel)], {
      strides: overImage(strides),
      dilations: overImage(dilation),
      padding: padding(operation.padding),
      data_format: layout,
    });
    this.#bias(name, map, bias);
  }

  #bias(name: string, sum: string, bias: Float32Array | null): void {
    if (bias === null) return;
    this.node('BiasAdd', name, [sum, this.numbers(`${name}/bias`, [bias.length], bias)], {
      data_format: layout,
    });
  }

  #pool(operation: Of<'pool'>, name: string, inputs: readonly string[]): void {
    this.node(operation.mode === 'max' ? 'MaxPool' : 'AvgPool', name, inputs, {
      ksize: overImage(operation.size),
      strides: overImage(operation.strides),
      padding: padding(operation.padding),
      data_format: layout,
    });
  }

  #globalPool({ mode }: Of<'global-pool'>, name: string, inputs: readonly string[]): void {
    this.node(mode === 'max' ? 'Max' : 'Mean', name, [...inputs, this.indices(`${name}/sides`, [1, 2])], {
      Tidx: index,
      keep_dims: { kind: 'bool', value: false },
    });
  }

  #activation(
    { activation, negativeSlope }: Of<'activation'>,
    name: string,
    inputs: readonly string[],
  ): void {
    const alpha: Attributes =
      activation === 'leaky-relu' ? { alpha: { kind: 'float', value: negativeSlope } } : {};
    this.node(ACTIVATIONS[activation], name, inputs, alpha);
  }

  #concatenate(name: string, inputs: readonly string[]): void {
    const axis = this.#constant(`${name}/axis`, DType.int32, [], Int32Array.of(-1));
    this.node('ConcatV2', name, [...inputs, axis], {
      N: { kind: 'int', value: inputs.length },
      Tidx: index,
    });
  }
}

const SERVE = 'serve';
const METHOD = 'tensorflow/serving/predict';

function mapEntry(field: number, key: string, value: Bytes): Bytes {
  return bytes(field, concat([text(1, key), bytes(2, value)]));
}

/** TensorInfo (meta_graph.proto); -1 stands for any batch. */
function tensorInfo(tensor: string, shape: readonly number[]): Bytes {
  const sides = [-1, ...shape].map((size) => bytes(2, integer(1, size)));
  return concat([text(1, tensor), integer(2, DType.float32), bytes(3, concat(sides))]);
}

function signature(net: PortableNet): Bytes {
  return concat([
    mapEntry(1, net.inputName, tensorInfo(`${net.inputName}:0`, net.inputShape)),
    ...net.outputs.map(({ name, shape }) => mapEntry(2, name, tensorInfo(`outputs/${name}:0`, shape))),
    text(3, METHOD),
  ]);
}

function graphOf(net: PortableNet): Uint8Array {
  const writer = new GraphWriter();
  const shape: AttributeValue = { kind: 'shape', value: [-1, ...net.inputShape] };
  writer.nodes.push({
    name: net.inputName,
    op: 'Placeholder',
    inputs: [],
    attributes: { dtype: float, shape },
  });
  const within = (name: string): string => (name === net.inputName ? name : `net/${name}`);
  for (const node of net.nodes) {
    const inputs = node.inputs.map((input) => ({ ...input, name: within(input.name) }));
    writer.write({ ...node, name: within(node.name), inputs });
  }
  for (const { name, node } of net.outputs) writer.node('Identity', `outputs/${name}`, [within(node)]);
  return encodeGraph(writer.nodes);
}

/**
 * A net as the one file of a SavedModel (saved_model.proto): tag "serve", signature "serving_default". Its weights are
 * constants, so that it has no variables folder.
 */
export function writeSavedModel(net: PortableNet): Uint8Array {
  const metaInfo = concat([text(4, SERVE), text(5, '2.21.0')]);
  const metaGraph = concat([
    bytes(1, metaInfo),
    bytes(2, graphOf(net)),
    mapEntry(5, 'serving_default', signature(net)),
  ]);
  return concat([integer(1, 1), bytes(2, metaGraph)]);
}
