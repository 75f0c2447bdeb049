import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { openForReading, readRange } from './files.ts';
import { inflateBounded, isGzip, peekGzip } from './gzip.ts';
import {
  checkIdxSize,
  defaultIdxLimits,
  idxError,
  idxSource,
  LONGEST_HEADER_BYTES,
  parseIdxHeader,
  type IdxHeader,
  type IdxLimits,
} from './idx-header.ts';

/** An array of unsigned bytes with its shape; `values` is of exact size and the caller's own. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** Unpacks to exactly the size the header says; a bomb stops one byte after it. */
function unpackGzip(bytes: Uint8Array, header: IdxHeader, name: string): Uint8Array {
  const unpacked = inflateBounded(bytes, header.sizeBytes, idxSource(name), () =>
    idxError(
      name,
      `unpacks to more than the ${header.sizeBytes} bytes its header says`,
      'it is damaged, fetch it again',
    ),
  );
  checkIdxSize(header, unpacked.length, name);
  return unpacked;
}

/** The elements in an array of their own: a Buffer's slice would share its memory. */
function payload(bytes: Uint8Array, header: IdxHeader): Uint8Array {
  return new Uint8Array(bytes.subarray(header.headerBytes));
}

/**
 * Decodes an idx file of unsigned bytes held in memory, plain or gzip.
 * @param name what the messages call it
 * @throws StudioError `data-damaged` saying what is wrong with it
 */
export function decodeIdx(bytes: Uint8Array, name: string, limits: IdxLimits = defaultIdxLimits): IdxArray {
  if (!isGzip(bytes)) {
    const header = parseIdxHeader(bytes.subarray(0, LONGEST_HEADER_BYTES), name, limits);
    checkIdxSize(header, bytes.length, name);
    return { shape: header.shape, values: payload(bytes, header) };
  }
  const header = parseIdxHeader(peekGzip(bytes, LONGEST_HEADER_BYTES, idxSource(name)), name, limits);
  return { shape: header.shape, values: payload(unpackGzip(bytes, header, name), header) };
}

async function readOpened(
  file: FileHandle,
  name: string,
  limits: IdxLimits,
  watch: IdxWatch,
): Promise<IdxArray> {
  const { size } = await file.stat();
  const head = await readRange(file, 0, Math.min(size, LONGEST_HEADER_BYTES), idxSource(name));
  if (isGzip(head)) {
    if (size > limits.maximumBytes) {
      throw idxError(
        name,
        `has ${size} bytes and at most ${limits.maximumBytes} are read`,
        'choose another file',
      );
    }
    const unpacked = decodeIdx(await readRange(file, 0, size, idxSource(name)), name, limits);
    watch.onShape(unpacked.shape);
    watch.onBytes(unpacked.values);
    return unpacked;
  }
  // The payload is read straight into its own array: a large plain file is in memory once.
  const header = parseIdxHeader(head, name, limits);
  checkIdxSize(header, size, name);
  watch.onShape(header.shape);
  const length = size - header.headerBytes;
  const values = await readRange(file, header.headerBytes, length, idxSource(name), watch.onBytes);
  return { shape: header.shape, values };
}

/** Told of an array while it is read: its shape first, then its elements in order. */
export interface IdxWatch {
  readonly onShape: (shape: readonly number[]) => void;
  readonly onBytes: (bytes: Uint8Array) => void;
}

const nobody: IdxWatch = { onShape: () => undefined, onBytes: () => undefined };

/**
 * Reads an idx file of unsigned bytes, plain or gzip, checking header, sizes and limits before it takes memory.
 * @throws StudioError `not-found` or `data-damaged`
 */
export async function readIdxFile(
  path: string,
  limits: IdxLimits = defaultIdxLimits,
  watch: IdxWatch = nobody,
): Promise<IdxArray> {
  const file = await openForReading(path, idxSource(basename(path)));
  try {
    return await readOpened(file, basename(path), limits, watch);
  } finally {
    await file.close();
  }
}
