import { StudioError } from '../../../shared/ipc/errors.ts';
import {
  AttributeType,
  type Binding,
  type BindingListener,
  type OpAttribute,
  type TensorMetadata,
} from './binding.ts';
import { DType, sizeOf, type ElementArray } from './dtype.ts';
import type { GraphBuilder, GraphValue, Ref } from './graph-builder.ts';
import { nodeOf } from './graph-builder.ts';
import type { AttributeValue } from './proto.ts';

function convert(attribute: OpAttribute): AttributeValue {
  const { name, type, value } = attribute;
  switch (type) {
    case AttributeType.type:
      return { kind: 'type', value: Number(value) };
    case AttributeType.int:
      return Array.isArray(value)
        ? { kind: 'ints', value: value as number[] }
        : { kind: 'int', value: Number(value) };
    case AttributeType.float:
      return { kind: 'float', value: Number(value) };
    case AttributeType.bool:
      return { kind: 'bool', value: Boolean(value) };
    case AttributeType.string:
      return { kind: 'string', value: value as string };
    case AttributeType.shape:
      return { kind: 'shape', value: value as number[] };
    default:
      throw new StudioError('unsupported', `Tracer: attribute ${name} has unknown kind ${type}`);
  }
}

/** Type attributes that tfjs-node's kernels leave to eager TensorFlow to infer, and the operands they come from. */
const INFERRED_TYPES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ExpandDims: { T: 0, Tdim: 1 },
};

function inferredTypes(name: string, operands: readonly GraphValue[]): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(INFERRED_TYPES[name] ?? {}).map(([attribute, index]) => [
      attribute,
      { kind: 'type', value: operands[index]!.dtype },
    ]),
  );
}

/**
 * Writes every operation of an eager execution into a graph ("tf.function for TensorFlow.js"). Tensors announced
 * by {@link bind} are the graph's values; tensors made during the recording become constants, and so do the
 * few that were there before it.
 */
export class Recorder implements BindingListener {
  readonly #binding: Binding;
  readonly #graph: GraphBuilder;
  readonly #values = new Map<number, GraphValue>();
  readonly #shapes = new Map<Ref, readonly number[]>();
  #flops = 0;

  constructor(binding: Binding, graph: GraphBuilder) {
    this.#binding = binding;
    this.#graph = graph;
  }

  /** Multiplications and additions of the matrix products and convolutions seen so far. */
  get flops(): number {
    return this.#flops;
  }

  /** Says that tensor `id` stands for a value of the graph. */
  bind(id: number, value: GraphValue): void {
    this.#set(id, value);
  }

  /** The graph's value for a tensor. */
  value(id: number): GraphValue {
    const known = this.#values.get(id);
    if (known) return known;
    const dtype = this.#binding.dtypeOf(id);
    const shape = this.#binding.shapeOf(id);
    const ref = this.#graph.constant(dtype, shape, this.#binding.tensorDataSync(id));
    const value = { ref, dtype, shape };
    this.#set(id, value);
    return value;
  }

  /** The shape of a value that has been recorded. */
  shapeOf(ref: Ref): readonly number[] | undefined {
    return this.#shapes.get(ref);
  }

  #set(id: number, value: GraphValue): void {
    this.#values.set(id, value);
    this.#shapes.set(value.ref, value.shape);
  }

  tensorCreated(id: number, shape: readonly number[], dtype: number, values: ElementArray): void {
    this.#set(id, { ref: this.#graph.constant(dtype, shape, values), dtype, shape });
  }

  operationRun(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: readonly TensorMetadata[],
  ): void {
    const operands = inputs.map((id) => this.value(id));
    this.#flops += flopsOf(name, operands, outputs);
    const node =
      this.#castOnce(name, operands, outputs) ??
      this.#graph.add(
        name,
        operands.map(({ ref }) => ref),
        {
          ...inferredTypes(name, operands),
          ...Object.fromEntries(attributes.map((attribute) => [attribute.name, convert(attribute)])),
        },
      );
    outputs.forEach(({ id, dtype, shape }, index) => {
      this.#set(id, { ref: index === 0 ? node : `${node}:${index}`, dtype, shape });
    });
  }

  /** 8-bit data reaches the step widened to int32; a cast of it goes straight from 8 bits. */
  #castOnce(
    name: string,
    [operand]: readonly GraphValue[],
    outputs: readonly TensorMetadata[],
  ): string | null {
    if (name !== 'Cast' || !operand) return null;
    const widening = this.#graph.node(nodeOf(operand.ref));
    const from = widening?.attributes.SrcT;
    if (widening?.op !== 'Cast' || from?.kind !== 'type' || from.value !== DType.uint8) return null;
    return this.#graph.cast(widening.inputs[0]!, DType.uint8, outputs[0]!.dtype);
  }
}

/** 2 per multiply-add; operations other than products and convolutions count nothing. */
function flopsOf(name: string, operands: readonly GraphValue[], outputs: readonly TensorMetadata[]): number {
  const size = (value: GraphValue | undefined) => sizeOf(value?.shape ?? []);
  const outputSize = sizeOf(outputs[0]?.shape ?? []);
  switch (name) {
    case 'MatMul':
    case 'BatchMatMulV2': {
      // For [m, k] x [k, n] the product of the three sizes is (m k n)^2, batch axes included.
      const batch = sizeOf((outputs[0]?.shape ?? []).slice(0, -2));
      return 2 * batch * Math.sqrt((size(operands[0]) * size(operands[1]) * outputSize) / batch ** 3);
    }
    case 'Conv2D':
      return 2 * outputSize * sizeOf((operands[1]?.shape ?? []).slice(0, 3));
    case 'Conv2DBackpropInput':
      return 2 * size(operands[2]) * sizeOf((operands[1]?.shape ?? []).slice(0, 3));
    case 'Conv2DBackpropFilter':
      return 2 * size(operands[2]) * sizeOf((outputs[0]?.shape ?? []).slice(0, 3));
    default:
      return 0;
  }
}
