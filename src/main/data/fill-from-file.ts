import type { FileHandle } from 'node:fs/promises';

/** Read at a time: digesting so much takes about 10 ms, so that the event loop is never held for longer. */
const CHUNK_BYTES = 2 ** 23;

/**
 * Fills an array from a file. Each stretch is handed on while the next one is being read, so that digesting a file takes
 * hardly longer than reading it.
 * @param start where in the file the array begins
 * @param onChunk told of each stretch of the array, in order, once it is there; must not throw
 * @returns bytes read; fewer than asked where the file ends before
 */
export async function fillFromFile(
  file: Pick<FileHandle, 'read'>,
  bytes: Uint8Array,
  start: number,
  onChunk: (chunk: Uint8Array) => void = () => undefined,
): Promise<number> {
  const readNext = (filled: number): Promise<{ bytesRead: number }> =>
    file.read(bytes, filled, Math.min(CHUNK_BYTES, bytes.length - filled), start + filled);
  let filled = 0;
  let reading = bytes.length > 0 ? readNext(0) : null;
  while (reading !== null) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) return filled;
    const chunk = bytes.subarray(filled, filled + bytesRead);
    filled += bytesRead;
    reading = filled < bytes.length ? readNext(filled) : null;
    onChunk(chunk);
  }
  return filled;
}
