import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { fillFromFile } from '../fill-from-file.ts';
import type { ArrayFile } from './manifest.ts';

function damagedFile(path: string, found: string, cause?: unknown): StudioError {
  return new StudioError(
    'data-damaged',
    `datasets: ${path} ${found}; remove the dataset and fetch or import it again`,
    { file: path },
    { cause },
  );
}

async function openArrayFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw damagedFile(path, 'cannot be opened', cause);
  }
}

async function readDigested(handle: FileHandle, bytes: Uint8Array, path: string): Promise<string> {
  const hash = createHash('sha256');
  const filled = await fillFromFile(handle, bytes, 0, (chunk) => hash.update(chunk));
  if (filled < bytes.length) throw damagedFile(path, 'became shorter while it was read');
  return hash.digest('hex');
}

/**
 * Reads a file of a stored dataset whole and checks size and sha256 against the manifest. Reading and digesting take
 * about 1 ms per megabyte, at the same time and in pieces that leave the event loop free.
 * @returns bytes in a buffer of their own, of exact size
 * @throws StudioError `data-damaged` where the file is missing or not what was stored
 */
export async function readArrayFile(directory: string, file: ArrayFile): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(directory, file.file);
  const handle = await openArrayFile(path);
  try {
    const { size } = await handle.stat();
    if (size !== file.sizeBytes) throw damagedFile(path, `has ${size} bytes, expected ${file.sizeBytes}`);
    const bytes = new Uint8Array(file.sizeBytes);
    const sha256 = await readDigested(handle, bytes, path);
    if (sha256 !== file.sha256) throw damagedFile(path, 'has other bytes than were stored');
    return bytes;
  } finally {
    await handle.close();
  }
}

/**
 * Some stretches of a file at once, unchecked but for their length; for facts that must be known without waiting.
 * @throws StudioError `data-damaged` where the file is missing or ends before
 */
export function readRangesNow(
  directory: string,
  file: ArrayFile,
  ranges: readonly { readonly offsetBytes: number; readonly lengthBytes: number }[],
): Uint8Array<ArrayBuffer>[] {
  const path = join(directory, file.file);
  const handle = openNow(path);
  try {
    return ranges.map(({ offsetBytes, lengthBytes }) => {
      const bytes = new Uint8Array(lengthBytes);
      if (readSync(handle, bytes, 0, lengthBytes, offsetBytes) === lengthBytes) return bytes;
      throw damagedFile(path, `ends before byte ${offsetBytes + lengthBytes}`);
    });
  } finally {
    closeSync(handle);
  }
}

function openNow(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw damagedFile(path, 'cannot be opened', cause);
  }
}
