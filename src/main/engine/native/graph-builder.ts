import { DType, elementType, sizeOf, type ElementArray } from './dtype.ts';
import type { AttributeValue, NodeDef } from './proto.ts';

/** One output of a node: `node`, or `node:index` for any but the first. */
export type Ref = string;

/** A value in a graph with what is known of it. */
export interface GraphValue {
  readonly ref: Ref;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** Constants up to this size are shared when equal. */
const SHARED_BYTES = 256;
/** Longer constants of one repeated value are made by Fill instead of being stored. */
const FILL_ELEMENTS = 16;

/** The node that makes a reference. */
export function nodeOf(ref: Ref): string {
  return ref.replace(/^\^/, '').replace(/:\d+$/, '');
}

export function type(dtype: number): AttributeValue {
  return { kind: 'type', value: dtype };
}

/** Collects the nodes of one graph. Pure data; knows nothing of TensorFlow's library. */
export class GraphBuilder {
  readonly #byName = new Map<string, NodeDef>();
  readonly #constants = new Map<string, Ref>();
  #next = 0;

  get nodes(): readonly NodeDef[] {
    return [...this.#byName.values()];
  }

  node(name: string): NodeDef | undefined {
    return this.#byName.get(name);
  }

  /** The nodes that take an output of a node. */
  readers(name: string): NodeDef[] {
    return this.nodes.filter(({ inputs }) => inputs.some((input) => nodeOf(input) === name));
  }

  /** Adds a node and returns its first output. */
  add(
    op: string,
    inputs: readonly Ref[],
    attributes: Readonly<Record<string, AttributeValue>>,
    name = `${op}_${this.#next++}`,
  ): Ref {
    const node = { name, op, inputs, attributes };
    this.#byName.set(name, node);
    return name;
  }

  /** Puts a node in the place of the one of its name, whose readers take the new one's outputs. */
  replace(node: NodeDef): void {
    this.#byName.set(node.name, node);
  }

  /** A function's parameter, under its own name. */
  parameter(value: GraphValue): Ref {
    return this.add(
      'Placeholder',
      [],
      { dtype: type(value.dtype), shape: { kind: 'shape', value: value.shape } },
      value.ref,
    );
  }

  constant(dtype: number, shape: readonly number[], values: ElementArray): Ref {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (sizeOf(shape) > FILL_ELEMENTS && isUniform(values)) return this.#filled(dtype, shape, values);
    if (bytes.length > SHARED_BYTES) return this.#store(dtype, shape, bytes);
    const key = `${dtype}/${shape.join()}/${bytes.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const ref = this.#store(dtype, shape, bytes);
    this.#constants.set(key, ref);
    return ref;
  }

  #store(dtype: number, shape: readonly number[], bytes: Uint8Array): Ref {
    return this.add('Const', [], {
      dtype: type(dtype),
      value: { kind: 'tensor', dtype, shape, content: bytes.slice() },
    });
  }

  #filled(dtype: number, shape: readonly number[], values: ElementArray): Ref {
    const dims = this.int32(shape, [shape.length]);
    const value = this.constant(dtype, [], values.slice(0, 1));
    return this.add('Fill', [dims, value], { T: type(dtype), index_type: type(DType.int32) });
  }

  int32(values: readonly number[], shape: readonly number[] = []): Ref {
    return this.constant(DType.int32, shape, Int32Array.from(values));
  }

  float32(value: number): Ref {
    return this.constant(DType.float32, [], Float32Array.of(value));
  }

  /** Zeros of a shape. */
  zeros(dtype: number, shape: readonly number[]): Ref {
    const bytesPerElement = elementType(dtype)!.sizeBytes;
    const buffer = new ArrayBuffer(sizeOf(shape) * bytesPerElement);
    return this.constant(dtype, shape, elementType(dtype)!.view(buffer));
  }

  /** A value in equal parts along its first axis. */
  split(value: Ref, dtype: number, parts: number): Ref[] {
    if (parts === 1) return [value];
    const first = this.add('Split', [this.int32([0]), value], {
      T: type(dtype),
      num_split: { kind: 'int', value: parts },
    });
    return Array.from({ length: parts }, (_, index) => (index === 0 ? first : `${first}:${index}`));
  }

  /** Values joined along their first axis. */
  concatRows(values: readonly Ref[], dtype: number): Ref {
    return this.add('ConcatV2', [...values, this.int32([0])], {
      T: type(dtype),
      Tidx: type(DType.int32),
      N: { kind: 'int', value: values.length },
    });
  }

  /** Rows of `params` along its first axis. */
  gather(params: Ref, indices: Ref, dtype: number): Ref {
    return this.add('GatherV2', [params, indices, this.int32([0])], {
      Tparams: type(dtype),
      Taxis: type(DType.int32),
      Tindices: type(DType.int32),
      batch_dims: { kind: 'int', value: 0 },
    });
  }

  cast(value: Ref, from: number, to: number): Ref {
    return this.add('Cast', [value], {
      SrcT: type(from),
      DstT: type(to),
      Truncate: { kind: 'bool', value: false },
    });
  }

  reshape(value: Ref, dtype: number, shape: readonly number[]): Ref {
    return this.add('Reshape', [value, this.int32(shape, [shape.length])], {
      T: type(dtype),
      Tshape: type(DType.int32),
    });
  }

  /** Joins scalars to a vector. */
  pack(values: readonly Ref[], dtype: number): Ref {
    return this.add('Pack', values, {
      T: type(dtype),
      N: { kind: 'int', value: values.length },
      axis: { kind: 'int', value: 0 },
    });
  }

  /** A two-operand operation on values of one type. */
  binary(op: string, a: Ref, b: Ref, dtype: number): Ref {
    return this.add(op, [a, b], { T: type(dtype) });
  }

  addN(values: readonly Ref[], dtype: number, name?: string): Ref {
    return this.add('AddN', values, { T: type(dtype), N: { kind: 'int', value: values.length } }, name);
  }

  /** The names of nodes on which `roots` depend, themselves included. */
  ancestors(roots: readonly Ref[]): Set<string> {
    const seen = new Set<string>();
    const open = roots.map(nodeOf);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(...(this.#byName.get(name)?.inputs ?? []).map(nodeOf));
    }
    return seen;
  }
}

function isUniform(values: ElementArray): boolean {
  return values.every((value: number | bigint) => value === values[0]);
}
