import { basename } from 'node:path';
import { readFileBounded } from '../files.ts';
import { unpackBounded } from '../gzip.ts';
import { parseNpyHeader, type NpyHeader, type NpyType } from './npy-header.ts';
import { decodeElements, type NpyValues } from './npy-values.ts';
import { damaged, type ReaderSource } from '../reader-error.ts';

/** Most that the reader takes into memory, packed or unpacked. */
export interface NpyLimits {
  readonly maximumBytes: number;
}

/** As much as one buffer of the platform holds with room to spare. */
export const defaultNpyLimits: NpyLimits = { maximumBytes: 2 ** 31 - 1 };

/**
 * An array of NumPy: `values` in C order (last axis fastest), of exact size and the caller's own. Booleans are bytes 0
 * and 1; uint16, uint32, int64 and uint64 become int32. A scalar has the shape [].
 */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly dtype: NpyType;
  readonly values: NpyValues;
}

export function npySource(name: string): ReaderSource {
  return { reader: 'npy reader', name };
}

function checkSize(header: NpyHeader, bytes: Uint8Array, source: ReaderSource): number {
  const count = header.shape.reduce((product, side) => product * side, 1);
  const expected = count * Number(header.dtype.slice(1));
  const actual = bytes.length - header.dataOffset;
  if (actual === expected) return count;
  throw damaged(
    source,
    `says shape (${header.shape.join(', ')}) of ${header.dtype}, that is ${expected} bytes, but has ${actual}`,
    actual < expected
      ? 'it was cut off, fetch or save it again'
      : 'it has bytes after its end, save it again',
  );
}

/**
 * Decodes a .npy file of NumPy (format 1.0 to 3.0), plain or gzip; little and big endian, C and Fortran order.
 * @param name what the messages call it
 * @throws StudioError `data-damaged` for what is not whole, `unsupported` for element types that are not read and whole
 * numbers over 32 bits, `invalid-input` over a limit
 */
export function parseNpy(bytes: Uint8Array, name: string, limits: NpyLimits = defaultNpyLimits): NpyArray {
  const source = npySource(name);
  const unpacked = unpackBounded(bytes, limits.maximumBytes, source);
  const header = parseNpyHeader(unpacked, source);
  const count = checkSize(header, unpacked, source);
  const values = decodeElements(unpacked.subarray(header.dataOffset), header, count, source);
  return { shape: header.shape, dtype: header.dtype, values };
}

/**
 * Reads a .npy file, see {@link parseNpy}.
 * @throws StudioError as {@link parseNpy}; `not-found`
 */
export async function readNpyFile(path: string, limits: NpyLimits = defaultNpyLimits): Promise<NpyArray> {
  const source = npySource(basename(path));
  return parseNpy(await readFileBounded(path, limits.maximumBytes, source), source.name, limits);
}
