import type { StudioError } from '../../../shared/ipc/errors.ts';
import { damaged, type ReaderSource } from './reader-error.ts';

/** Most that a reader may take into memory, whatever a file says of itself. */
export interface IdxLimits {
  readonly maximumBytes: number;
}

/** Room for ten times the largest set in common use (60,000 colour images of 32x32 are 184 MB). */
export const defaultIdxLimits: IdxLimits = { maximumBytes: 2 ** 31 - 1 };

/** Bytes of the longest header that is accepted: 4 of magic and 4 per dimension. */
export const LONGEST_HEADER_BYTES = 4 + 4 * 4;

/** What an idx header says. `sizeBytes` is the size of the whole unpacked file, header included. */
export interface IdxHeader {
  readonly shape: readonly number[];
  readonly headerBytes: number;
  readonly sizeBytes: number;
}

const UNSIGNED_BYTE = 0x08;
const MOST_DIMENSIONS = 4;

/** An idx file, for messages. */
export function idxSource(name: string): ReaderSource {
  return { reader: 'idx reader', name };
}

/** An expected fault of an idx file, in the studio's form: who, what was found, what was expected, way out. */
export function idxError(name: string, found: string, wayOut: string): StudioError {
  return damaged(idxSource(name), found, wayOut);
}

/** "60000 images of 28x28" for three dimensions, "60000 values" for one. */
function describeShape(shape: readonly number[]): string {
  const [count = 0, ...rest] = shape;
  return rest.length === 0 ? `${count} values` : `${count} images of ${rest.join('x')}`;
}

function readRank(head: Uint8Array, name: string): number {
  if (head.length < 4) {
    throw idxError(
      name,
      `has ${head.length} bytes and an idx header has at least 4`,
      'the download was cut off, fetch it again',
    );
  }
  const [zero0, zero1, type = 0, rank = 0] = head;
  if (zero0 !== 0 || zero1 !== 0) {
    const magic = Buffer.from(head.subarray(0, 4)).toString('hex');
    throw idxError(
      name,
      `begins with the bytes ${magic}, and an idx file begins with two zero bytes`,
      'it is another kind of file, choose the idx file',
    );
  }
  if (type !== UNSIGNED_BYTE) {
    throw idxError(
      name,
      `holds elements of type 0x${type.toString(16).padStart(2, '0')}, and only unsigned bytes (0x08) can be read`,
      'convert it to unsigned bytes',
    );
  }
  if (rank < 1 || rank > MOST_DIMENSIONS) {
    throw idxError(
      name,
      `says it has ${rank} dimensions, and 1 to ${MOST_DIMENSIONS} are expected`,
      'it is damaged or another kind of file, fetch it again',
    );
  }
  return rank;
}

function readShape(head: Uint8Array, rank: number, name: string): number[] {
  if (head.length < 4 + 4 * rank) {
    throw idxError(
      name,
      `ends inside its header (${head.length} of ${4 + 4 * rank} bytes)`,
      'the download was cut off, fetch it again',
    );
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (shape.includes(0)) {
    throw idxError(
      name,
      `says it holds ${describeShape(shape)}, that is nothing`,
      'it is damaged, fetch it again',
    );
  }
  return shape;
}

/**
 * Reads and checks the header of an idx file of unsigned bytes (LeCun, "The MNIST database": magic 0x0000, element
 * type, rank, then each dimension as a big-endian 32-bit number).
 * @param head the first {@link LONGEST_HEADER_BYTES} bytes of the file, fewer where the file is shorter
 * @throws StudioError `data-damaged` for a wrong magic, element type, rank or size
 */
export function parseIdxHeader(head: Uint8Array, name: string, limits: IdxLimits): IdxHeader {
  const rank = readRank(head, name);
  const shape = readShape(head, rank, name);
  const headerBytes = 4 + 4 * rank;
  const sizeBytes = headerBytes + shape.reduce((product, side) => product * side, 1);
  if (sizeBytes > limits.maximumBytes) {
    throw idxError(
      name,
      `says ${describeShape(shape)} (${sizeBytes} bytes) and at most ${limits.maximumBytes} are read`,
      'it is damaged, or must be divided into smaller files',
    );
  }
  return { shape, headerBytes, sizeBytes };
}

/** @throws StudioError `data-damaged` where the file is shorter or longer than its header says */
export function checkIdxSize(header: IdxHeader, actualBytes: number, name: string): void {
  if (actualBytes === header.sizeBytes) return;
  const says = `says ${describeShape(header.shape)} (${header.sizeBytes} bytes) but the file has`;
  if (actualBytes < header.sizeBytes) {
    throw idxError(name, `${says} ${actualBytes}`, 'the download was cut off, fetch it again');
  }
  throw idxError(name, `${says} ${actualBytes}`, 'it has bytes after its end, fetch it again');
}
