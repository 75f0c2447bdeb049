import { constants, gunzipSync } from 'node:zlib';
import type { StudioError } from '../../../shared/ipc/errors.ts';
import { codeOf, damaged, overLimit, reasonOf, type ReaderSource } from './reader-error.ts';

/** Deflate packs at most 1,032 to 1, so these first bytes of a gzip file unpack to at most 4.3 MB. */
const PEEK_BYTES = 4_096;

const SMALLEST_CHUNK_BYTES = 1 << 14;
const LARGEST_CHUNK_BYTES = 1 << 20;

/** Whether the file begins with gzip's two magic bytes (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** zlib's complaint about gzip data, in the studio's form. */
function gzipError(cause: unknown, source: ReaderSource): StudioError {
  if (codeOf(cause) === 'Z_BUF_ERROR') {
    return damaged(
      source,
      'ends in the middle of its gzip data',
      'the download was cut off, fetch it again',
      cause,
    );
  }
  return damaged(
    source,
    `has gzip data that cannot be unpacked (${reasonOf(cause)})`,
    'it is damaged, fetch it again',
    cause,
  );
}

/**
 * Unpacks gzip data, stopping one piece after `maximumBytes`: a bomb takes no more memory than that.
 * @param onTooLong what to throw where there is more; an `invalid-input` naming the limit unless told
 * @throws StudioError `data-damaged` for broken data, what `onTooLong` makes for more
 */
export function inflateBounded(
  bytes: Uint8Array,
  maximumBytes: number,
  source: ReaderSource,
  onTooLong = () => overLimit(source, 'unpacks to more bytes', maximumBytes),
): Uint8Array {
  const chunkSize = Math.min(Math.max(4 * bytes.length, SMALLEST_CHUNK_BYTES), LARGEST_CHUNK_BYTES);
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, maximumBytes), chunkSize });
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') throw onTooLong();
    throw gzipError(cause, source);
  }
}

/**
 * The content of a file that may be gzip: unpacked, or the bytes themselves.
 * @throws StudioError `invalid-input` over `maximumBytes`, packed or unpacked; `data-damaged` for broken gzip data
 */
export function unpackBounded(bytes: Uint8Array, maximumBytes: number, source: ReaderSource): Uint8Array {
  if (bytes.length > maximumBytes) throw overLimit(source, `has ${bytes.length} bytes`, maximumBytes);
  return isGzip(bytes) ? inflateBounded(bytes, maximumBytes, source) : bytes;
}

/**
 * The first bytes of an unpacked gzip file, fewer where it is shorter, without unpacking the rest.
 * @throws StudioError `data-damaged`
 */
export function peekGzip(bytes: Uint8Array, lengthBytes: number, source: ReaderSource): Uint8Array {
  try {
    const head = gunzipSync(bytes.subarray(0, PEEK_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
    return head.subarray(0, lengthBytes);
  } catch (cause) {
    throw gzipError(cause, source);
  }
}
