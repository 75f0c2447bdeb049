import type { NpyHeader, NpyType } from './npy-header.ts';
import { readerError, type ReaderSource } from '../reader-error.ts';

/** What elements of a NumPy array become. */
export type NpyValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** Reads element `index` of a view as a number; 64-bit whole numbers may lose digits beyond 2^53. */
type ReadElement = (view: DataView, offset: number, littleEndian: boolean) => number;

/** How elements of a type are read, and the array they go into. */
interface Decoder {
  readonly create: (count: number) => NpyValues;
  readonly read: ReadElement;
  /** Whether the file's bytes are the array's, where the byte order fits. */
  readonly direct: boolean;
}

const toInt32 = (read: ReadElement): Decoder => ({
  create: (count) => new Int32Array(count),
  read,
  direct: false,
});

const decoders: Readonly<Record<NpyType, Decoder>> = {
  b1: {
    create: (count) => new Uint8Array(count),
    read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
    direct: false,
  },
  u1: { create: (count) => new Uint8Array(count), read: (view, at) => view.getUint8(at), direct: true },
  i1: { create: (count) => new Int8Array(count), read: (view, at) => view.getInt8(at), direct: true },
  i2: {
    create: (count) => new Int16Array(count),
    read: (view, at, le) => view.getInt16(at, le),
    direct: true,
  },
  i4: {
    create: (count) => new Int32Array(count),
    read: (view, at, le) => view.getInt32(at, le),
    direct: true,
  },
  f4: {
    create: (count) => new Float32Array(count),
    read: (view, at, le) => view.getFloat32(at, le),
    direct: true,
  },
  f8: {
    create: (count) => new Float64Array(count),
    read: (view, at, le) => view.getFloat64(at, le),
    direct: true,
  },
  u2: toInt32((view, at, le) => view.getUint16(at, le)),
  u4: toInt32((view, at, le) => view.getUint32(at, le)),
  i8: toInt32((view, at, le) => Number(view.getBigInt64(at, le))),
  u8: toInt32((view, at, le) => Number(view.getBigUint64(at, le))),
};

const LARGEST_INT32 = 2 ** 31 - 1;

function checkFits(value: number, index: number, dtype: NpyType, source: ReaderSource): void {
  if (value >= -LARGEST_INT32 - 1 && value <= LARGEST_INT32) return;
  throw readerError(
    'unsupported',
    source,
    `holds ${value} at element ${index} of ${dtype}, and whole numbers of 32 bits are read`,
    'save it as int32 or float64',
  );
}

function decodeInOrder(bytes: Uint8Array, header: NpyHeader, count: number, source: ReaderSource): NpyValues {
  const decoder = decoders[header.dtype];
  const values = decoder.create(count);
  if (decoder.direct && (!header.bigEndian || values.BYTES_PER_ELEMENT === 1)) {
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = Number(header.dtype.slice(1));
  const narrowed = values instanceof Int32Array && !decoder.direct;
  for (let index = 0; index < count; index++) {
    const value = decoder.read(view, index * size, !header.bigEndian);
    if (narrowed) checkFits(value, index, header.dtype, source);
    values[index] = value;
  }
  return values;
}

/** Elements stored first axis fastest, brought into C order: row by row of the result, an index that counts up. */
function fromFortranOrder(stored: NpyValues, shape: readonly number[], target: NpyValues): NpyValues {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1));
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < target.length; to++) {
    target[to] = stored[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return target;
}

/**
 * Decodes the elements of a .npy file into an array in C order.
 * @param bytes the elements, exactly `count` of them
 * @throws StudioError `unsupported` for whole numbers that do not fit in 32 bits
 */
export function decodeElements(
  bytes: Uint8Array,
  header: NpyHeader,
  count: number,
  source: ReaderSource,
): NpyValues {
  const values = decodeInOrder(bytes, header, count, source);
  if (!header.fortranOrder || header.shape.length < 2) return values;
  return fromFortranOrder(values, header.shape, decoders[header.dtype].create(count));
}
