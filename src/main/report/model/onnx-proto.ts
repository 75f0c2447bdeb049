import { bytes, concat, float, integer, text, type Bytes } from '../../engine/native/wire-format.ts';

/*
 * Field numbers of onnx.proto3 (ONNX 1.17, IR version 8).
 */

/** A value of an operator's attribute. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** One operator; inputs and outputs are names of values. */
export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant: float32 or int64 numbers. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** An input or an output, float32; the batch axis, first, has any size. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly producerVersion: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;
/** Opset 17: what onnxruntime has understood since 1.12. */
const OPSET = 17;
const FLOAT = 1;
const INT64 = 7;

const KIND = { float: 1, int: 2, string: 3, ints: 7 } as const;

function encodeAttribute(name: string, value: OnnxAttribute): Bytes {
  const named = text(1, name);
  if (typeof value === 'number') return concat([named, integer(3, value), integer(20, KIND.int)]);
  if (typeof value === 'string') return concat([named, text(4, value), integer(20, KIND.string)]);
  if ('float' in value) return concat([named, float(2, value.float), integer(20, KIND.float)]);
  return concat([named, ...value.map((one) => integer(8, one)), integer(20, KIND.ints)]);
}

function encodeNode({ name, operator, inputs, outputs, attributes = {} }: OnnxNode): Bytes {
  return concat([
    ...inputs.map((input) => text(1, input)),
    ...outputs.map((output) => text(2, output)),
    text(3, name),
    text(4, operator),
    ...Object.entries(attributes).map(([key, value]) => bytes(5, encodeAttribute(key, value))),
  ]);
}

function encodeConstant({ name, shape, values }: OnnxConstant): Bytes {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const type = values instanceof Float32Array ? FLOAT : INT64;
  return concat([...shape.map((size) => integer(1, size)), integer(2, type), text(8, name), bytes(9, raw)]);
}

function encodeValue({ name, shape }: OnnxValue): Bytes {
  const sides = [text(2, 'batch'), ...shape.map((size) => integer(1, size))].map((side) => bytes(1, side));
  const tensor = concat([integer(1, FLOAT), bytes(2, concat(sides))]);
  return concat([text(1, name), bytes(2, bytes(1, tensor))]);
}

/** ModelProto (onnx.proto3). */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const graph = concat([
    ...model.nodes.map((node) => bytes(1, encodeNode(node))),
    text(2, model.name),
    ...model.constants.map((constant) => bytes(5, encodeConstant(constant))),
    ...model.inputs.map((value) => bytes(11, encodeValue(value))),
    ...model.outputs.map((value) => bytes(12, encodeValue(value))),
  ]);
  return concat([
    integer(1, IR_VERSION),
    text(2, 'Epoch Studio'),
    text(3, model.producerVersion),
    bytes(7, graph),
    bytes(8, concat([text(1, ''), integer(2, OPSET)])),
    ...Object.entries(model.metadata).map(([key, value]) =>
      bytes(14, concat([text(1, key), text(2, value)])),
    ),
  ]);
}
