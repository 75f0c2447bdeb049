import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';

/** The part of an open file that {@link writeFileAtomically} needs. */
export interface WritableFile {
  /** May write fewer bytes than asked, as the system call may. */
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system calls behind {@link writeFileAtomically}; tests put failing ones in their place. */
export interface FileCalls {
  makeFolder(path: string): Promise<void>;
  /** Opens a new file for writing, or a folder for `sync` when `flags` is 'r'. */
  open(path: string, flags: 'wx' | 'r'): Promise<WritableFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The real file system. */
export const nodeFileCalls: FileCalls = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true });
  },
  open: (path, flags) => open(path, flags),
  rename,
  remove: unlink,
};

/** What was written; the digest is lower-case hexadecimal. */
export interface WrittenFile {
  readonly sha256: string;
  readonly sizeBytes: number;
}

let temporaryCount = 0;

/** Beside `path`, told apart by process and count. */
const temporaryFor = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${++temporaryCount}.tmp`);

/** What {@link temporaryFor} calls a file. */
const TEMPORARY_NAME = /^\..*\.\d+-\d+\.tmp$/;

/**
 * Writes a whole file or nothing: into a temporary name beside it, flushed to the disk, renamed over `path`, and the
 * folder flushed too, so that after it resolves a power cut or `kill -9` leaves the new content, and before that
 * the old. Missing folders are made.
 * @param content one array of bytes, or several that follow one another
 * @throws StudioError 'disk-full' when the disk is full, over quota or fails (ENOSPC, EDQUOT, EIO); the temporary
 * file is gone then. Other system errors are thrown as they are.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | readonly Uint8Array[],
  calls: FileCalls = nodeFileCalls,
): Promise<WrittenFile> {
  const parts = content instanceof Uint8Array ? [content] : content;
  const folder = dirname(path);
  const temporary = temporaryFor(path);
  try {
    await calls.makeFolder(folder);
    const written = await writeNewFile(temporary, parts, calls);
    await calls.rename(temporary, path);
    await syncFolder(folder, calls);
    return written;
  } catch (error) {
    await calls.remove(temporary).catch(() => undefined);
    throw describeDiskFault(error, path);
  }
}

/**
 * Removes what writers that were killed left in a folder, which nothing may be writing to. Never throws: what cannot be
 * removed costs space only.
 */
export function removeHalfWritten(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      if (TEMPORARY_NAME.test(name)) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // No folder, or another program holds a file.
  }
}

async function writeNewFile(
  path: string,
  parts: readonly Uint8Array[],
  calls: FileCalls,
): Promise<WrittenFile> {
  const file = await calls.open(path, 'wx');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    for (const part of parts) {
      await writeFully(file, part);
      hash.update(part);
      sizeBytes += part.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function writeFully(file: WritableFile, bytes: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.byteLength - offset);
    offset += bytesWritten;
  }
}

/** Flushes a folder: a rename is on the disk only once its folder is. Windows cannot open folders and flushes by itself. */
export async function syncFolder(folder: string, calls: FileCalls = nodeFileCalls): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await calls.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const diskFaults: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk reported a fault',
};

/** Turns a full or failing disk into a `disk-full` StudioError; anything else is returned as it is. */
export function describeDiskFault(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const fault = diskFaults[code];
  if (fault === undefined) return error;
  return new StudioError(
    'disk-full',
    `Storage: could not write ${basename(path)}, ${fault}. Nothing was changed; free some space in ${dirname(path)} and resume.`,
    { path, systemCode: code },
    { cause: error },
  );
}
