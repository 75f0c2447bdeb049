import { open, stat, type FileHandle } from 'node:fs/promises';
import { StudioError } from '../../../shared/ipc/errors.ts';
import { fillFromFile } from '../fill-from-file.ts';
import { codeOf, damaged, overLimit, readerError, type ReaderSource } from './reader-error.ts';

function openError(path: string, source: ReaderSource, cause: unknown): StudioError {
  const missing = ['ENOENT', 'ENOTDIR'].includes(codeOf(cause));
  return readerError(
    missing ? 'not-found' : 'data-damaged',
    { reader: source.reader, name: `${path}:` },
    missing ? 'there is no such file' : `it cannot be opened (${codeOf(cause)})`,
    'choose another file or install the dataset again',
    { file: path },
    cause,
  );
}

/**
 * Opens a file to read; the caller closes it.
 * @throws StudioError `not-found` where there is none, `data-damaged` where it cannot be opened or is no plain file
 */
export async function openForReading(path: string, source: ReaderSource): Promise<FileHandle> {
  try {
    // Opening a pipe would wait for its writer for ever.
    if (!(await stat(path)).isFile()) throw damaged(source, 'is not a file', 'choose a file');
    return await open(path, 'r');
  } catch (cause) {
    throw cause instanceof StudioError ? cause : openError(path, source, cause);
  }
}

/**
 * Bytes `start` to `start + length` in an array of their own.
 * @param onChunk told of each stretch as {@link fillFromFile} tells it
 * @throws StudioError `data-damaged` where the file ends before
 */
export async function readRange(
  file: FileHandle,
  start: number,
  length: number,
  source: ReaderSource,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const filled = await fillFromFile(file, bytes, start, onChunk);
  if (filled === length) return bytes;
  throw damaged(source, `became shorter while it was read (${start + filled} bytes)`, 'read it again');
}

/**
 * A whole file in memory.
 * @throws StudioError `invalid-input` over `maximumBytes`, before anything is read; as {@link openForReading}
 */
export async function readFileBounded(
  path: string,
  maximumBytes: number,
  source: ReaderSource,
): Promise<Uint8Array> {
  const file = await openForReading(path, source);
  try {
    const { size } = await file.stat();
    if (size > maximumBytes) throw overLimit(source, `has ${size} bytes`, maximumBytes);
    return await readRange(file, 0, size, source);
  } finally {
    await file.close();
  }
}
