import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import { uploadFolder } from '../data/index.ts';

/** Largest file that can be dropped; larger ones are imported by path. */
const MOST_BYTES = 2 ** 31;

const uploadName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A file's name without folders and without signs that file systems dislike. */
function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return last.replace(/[^\p{L}\p{N}._ ()-]/gu, '_').replace(/^\.+/, '_') || 'file';
}

/** Bytes of dropped files, kept on disk until they are imported. */
export class DatasetUploads {
  readonly #folder: string;
  readonly #mostBytes: number;

  constructor(datasetDirectory: string, mostBytes = MOST_BYTES) {
    this.#folder = uploadFolder(datasetDirectory);
    this.#mostBytes = mostBytes;
  }

  /**
   * Begins a file (`upload` null) or appends to one.
   * @returns the upload's name for the next bytes, and the file's path
   * @throws StudioError `not-found` for an upload that was not begun, `invalid-input` over the limit
   */
  async add(
    name: string,
    upload: string | null,
    bytes: Uint8Array,
  ): Promise<{ upload: string; path: string }> {
    const id = upload ?? randomUUID();
    const path = this.#pathOf(id, name);
    if (upload === null) await mkdir(dirname(path), { recursive: true });
    await this.#checkSize(path, upload, bytes.length);
    await appendFile(path, bytes);
    return { upload: id, path };
  }

  /** Removes the uploads among the paths, after they were imported. */
  async remove(paths: readonly string[]): Promise<void> {
    const uploads = paths.map((path) => dirname(path)).filter((folder) => dirname(folder) === this.#folder);
    for (const folder of uploads) await rm(folder, { recursive: true, force: true });
  }

  #pathOf(upload: string, name: string): string {
    if (uploadName.test(upload)) return join(this.#folder, upload, safeName(name));
    throw this.#unknown(upload);
  }

  #unknown(upload: string): StudioError {
    return new StudioError(
      'not-found',
      `datasets: there is no upload "${upload}" to add to; drop the file again`,
    );
  }

  async #checkSize(path: string, upload: string | null, added: number): Promise<void> {
    const size = upload === null ? 0 : await this.#sizeOf(path, upload);
    if (size + added <= this.#mostBytes) return;
    await rm(dirname(path), { recursive: true, force: true });
    throw new StudioError(
      'invalid-input',
      `datasets: the file has more than ${this.#mostBytes} bytes, the most that can be dropped; import it by its path ("datasets import PATH")`,
      { maximumBytes: this.#mostBytes },
    );
  }

  async #sizeOf(path: string, upload: string): Promise<number> {
    try {
      return (await stat(path)).size;
    } catch {
      throw this.#unknown(upload);
    }
  }
}
