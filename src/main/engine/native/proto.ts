/**
 * Writes the few protocol-buffer messages that TensorFlow's C API takes as bytes: GraphDef, NodeDef, AttrValue,
 * TensorProto and ConfigProto. Field numbers are those of tensorflow/core/framework/*.proto and
 * tensorflow/core/protobuf/config.proto.
 */
import { bytes, concat, float, integer, text, type Bytes } from './wire-format.ts';

function shapeProto(shape: readonly number[]): Bytes {
  return concat(shape.map((size) => bytes(2, integer(1, size))));
}

/** A value of an operation's attribute, ready to be written. */
export type AttributeValue =
  | { readonly kind: 'type'; readonly value: number }
  | { readonly kind: 'types'; readonly value: readonly number[] }
  | { readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly kind: 'shapes'; readonly value: readonly (readonly number[])[] }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'function'; readonly value: string }
  | {
      readonly kind: 'tensor';
      readonly dtype: number;
      readonly shape: readonly number[];
      readonly content: Uint8Array;
    };

function tensorProto(dtype: number, shape: readonly number[], content: Bytes): Bytes {
  return concat([integer(1, dtype), bytes(2, shapeProto(shape)), bytes(4, content)]);
}

function listOf(items: readonly Bytes[]): Bytes {
  return bytes(1, concat(items));
}

/** AttrValue (attr_value.proto). */
export function encodeAttribute(attribute: AttributeValue): Uint8Array {
  switch (attribute.kind) {
    case 'type':
      return integer(6, attribute.value);
    case 'types':
      return listOf(attribute.value.map((value) => integer(6, value)));
    case 'shape':
      return bytes(7, shapeProto(attribute.value));
    case 'shapes':
      return listOf(attribute.value.map((value) => bytes(7, shapeProto(value))));
    case 'int':
      return integer(3, attribute.value);
    case 'ints':
      return listOf(attribute.value.map((value) => integer(3, value)));
    case 'float':
      return float(4, attribute.value);
    case 'bool':
      return integer(5, attribute.value ? 1 : 0);
    case 'string':
      return text(2, attribute.value);
    case 'function':
      return bytes(10, text(1, attribute.value));
    case 'tensor':
      return bytes(8, tensorProto(attribute.dtype, attribute.shape, attribute.content));
    default:
      return attribute satisfies never;
  }
}

/** One operation of a graph. Inputs are `node`, `node:index`, or `^node` for control only. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

function encodeNode(node: NodeDef): Bytes {
  const attributes = Object.entries(node.attributes).map(([name, value]) =>
    bytes(5, concat([text(1, name), bytes(2, encodeAttribute(value))])),
  );
  return concat([
    text(1, node.name),
    text(2, node.op),
    ...node.inputs.map((input) => text(3, input)),
    ...attributes,
  ]);
}

/** GraphDef producer version of TensorFlow 2.5 and later: old enough for every 2.x library to read. */
const GRAPH_PRODUCER = 1087;

/** GraphDef (graph.proto). */
export function encodeGraph(nodes: readonly NodeDef[]): Uint8Array {
  return concat([...nodes.map((node) => bytes(1, encodeNode(node))), bytes(4, integer(1, GRAPH_PRODUCER))]);
}

/** ConfigProto: threads within and between ops, GPU memory taken as needed, optionally no GPU at all. */
export function encodeConfig(options: {
  readonly threadsPerOperation: number;
  readonly operationsAtOnce: number;
  readonly allowCuda: boolean;
}): Uint8Array {
  const noCuda = bytes(1, concat([text(1, 'GPU'), integer(2, 0)]));
  return concat([
    ...(options.allowCuda ? [] : [noCuda]),
    integer(2, options.threadsPerOperation),
    integer(5, options.operationsAtOnce),
    bytes(6, integer(4, 1)),
    integer(7, 1),
  ]);
}
