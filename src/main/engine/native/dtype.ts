/** TF_DataType values (tensorflow/core/framework/types.proto) that the engine meets. */
export const DType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
  uint32: 22,
  uint64: 23,
} as const;

/** Arrays that hold a tensor's elements as TensorFlow stores them. */
export type ElementArray =
  Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint32Array | BigUint64Array;

interface ElementType {
  readonly sizeBytes: number;
  view(buffer: ArrayBuffer): ElementArray;
  /** Converts other numbers; BigInt arrays are taken as they are. */
  from(values: ArrayLike<number>): ElementArray;
}

const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  [DType.float32]: { sizeBytes: 4, view: (b) => new Float32Array(b), from: (v) => Float32Array.from(v) },
  [DType.int32]: { sizeBytes: 4, view: (b) => new Int32Array(b), from: (v) => Int32Array.from(v) },
  [DType.uint8]: { sizeBytes: 1, view: (b) => new Uint8Array(b), from: (v) => Uint8Array.from(v) },
  [DType.bool]: { sizeBytes: 1, view: (b) => new Uint8Array(b), from: (v) => Uint8Array.from(v) },
  [DType.complex64]: { sizeBytes: 8, view: (b) => new Float32Array(b), from: (v) => Float32Array.from(v) },
  [DType.uint32]: { sizeBytes: 4, view: (b) => new Uint32Array(b), from: (v) => Uint32Array.from(v) },
  [DType.int64]: {
    sizeBytes: 8,
    view: (b) => new BigInt64Array(b),
    from: (v) => BigInt64Array.from(Array.from(v, BigInt)),
  },
  [DType.uint64]: {
    sizeBytes: 8,
    view: (b) => new BigUint64Array(b),
    from: (v) => BigUint64Array.from(Array.from(v, BigInt)),
  },
};

/** How elements of a type are stored; null for types without plain elements (strings, resources). */
export function elementType(dtype: number): ElementType | null {
  return ELEMENT_TYPES[dtype] ?? null;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
