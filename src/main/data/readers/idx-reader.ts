import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { StudioError } from '../../../shared/ipc/errors.ts';
import {
  checkIdxSize,
  defaultIdxLimits,
  idxError,
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

/** Deflate packs at most 1,032 to 1, so these first bytes of a gzip file unpack to at most 4.3 MB. */
const PEEK_BYTES = 4_096;

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The first bytes of the unpacked file, without unpacking the rest. */
function peekGzip(bytes: Uint8Array, name: string): Uint8Array {
  try {
    const head = gunzipSync(bytes.subarray(0, PEEK_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
    return head.subarray(0, LONGEST_HEADER_BYTES);
  } catch (cause) {
    throw gzipError(cause, name);
  }
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

function gzipError(cause: unknown, name: string): StudioError {
  if (errorCode(cause) === 'Z_BUF_ERROR') {
    return idxError(name, 'ends in the middle of its gzip data', 'the download was cut off, fetch it again');
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return idxError(name, `has gzip data that cannot be unpacked (${reason})`, 'it is damaged, fetch it again');
}

/** Unpacks to exactly the size the header says; a bomb stops one byte after it. */
function unpackGzip(bytes: Uint8Array, header: IdxHeader, name: string): Uint8Array {
  let unpacked: Uint8Array;
  try {
    unpacked = gunzipSync(bytes, { maxOutputLength: header.sizeBytes });
  } catch (cause) {
    if (errorCode(cause) !== 'ERR_BUFFER_TOO_LARGE') throw gzipError(cause, name);
    throw idxError(
      name,
      `unpacks to more than the ${header.sizeBytes} bytes its header says`,
      'it is damaged, fetch it again',
    );
  }
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
  const header = parseIdxHeader(peekGzip(bytes, name), name, limits);
  return { shape: header.shape, values: payload(unpackGzip(bytes, header, name), header) };
}

async function readRange(file: FileHandle, start: number, length: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0) {
      throw idxError(name, `became shorter while it was read (${start + filled} bytes)`, 'read it again');
    }
    filled += bytesRead;
  }
  return bytes;
}

async function readOpened(file: FileHandle, name: string, limits: IdxLimits): Promise<IdxArray> {
  const { size } = await file.stat();
  const head = await readRange(file, 0, Math.min(size, LONGEST_HEADER_BYTES), name);
  if (isGzip(head)) {
    if (size > limits.maximumBytes) {
      throw idxError(
        name,
        `has ${size} bytes and at most ${limits.maximumBytes} are read`,
        'choose another file',
      );
    }
    return decodeIdx(await readRange(file, 0, size, name), name, limits);
  }
  // The payload is read straight into its own array: a large plain file is in memory once.
  const header = parseIdxHeader(head, name, limits);
  checkIdxSize(header, size, name);
  const values = await readRange(file, header.headerBytes, size - header.headerBytes, name);
  return { shape: header.shape, values };
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const code = errorCode(cause);
    const found = code === 'ENOENT' ? 'there is no such file' : `it cannot be opened (${code})`;
    throw new StudioError(
      code === 'ENOENT' ? 'not-found' : 'data-damaged',
      `idx reader: ${path}: ${found}; choose another file or install the dataset again`,
      { file: path },
      { cause },
    );
  }
}

/**
 * Reads an idx file of unsigned bytes, plain or gzip, checking header, sizes and limits before it takes memory.
 * @throws StudioError `not-found` or `data-damaged`
 */
export async function readIdxFile(path: string, limits: IdxLimits = defaultIdxLimits): Promise<IdxArray> {
  const file = await openForReading(path);
  try {
    return await readOpened(file, basename(path), limits);
  } finally {
    await file.close();
  }
}
