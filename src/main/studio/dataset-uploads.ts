import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import { uploadFolder } from '../data/index.ts';

/** Largest file that can be dropped; larger ones are imported by path. */
const MOST_BYTES = 2 ** 31;

const uploadName = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A file's or folder's name without signs that file systems dislike. */
function safeName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._ ()-]/gu, '_').replace(/^\.+/, '_') || 'file';
}

/** A path within an upload's folder; folders of images by class keep their names. */
function safePath(name: string): string {
  return join(...name.split(/[\\/]/).map(safeName));
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
   * Begins an upload (`upload` null), or adds to one: bytes to a file of it, or its next file.
   * @param name of the file, with the folders it was dropped in, e.g. "pets/cats/1.png"
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
    if (upload !== null) await this.#checkBegun(upload);
    await mkdir(dirname(path), { recursive: true });
    await this.#checkSize(id, path, bytes.length);
    await appendFile(path, bytes);
    return { upload: id, path };
  }

  /** Removes the uploads among the paths, after they were imported. */
  async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const [upload = ''] = relative(this.#folder, path).split(sep);
      if (uploadName.test(upload)) await rm(join(this.#folder, upload), { recursive: true, force: true });
    }
  }

  #pathOf(upload: string, name: string): string {
    if (uploadName.test(upload)) return join(this.#folder, upload, safePath(name));
    throw this.#unknown(upload);
  }

  #unknown(upload: string): StudioError {
    return new StudioError(
      'not-found',
      `datasets: there is no upload "${upload}" to add to; drop the file again`,
    );
  }

  async #checkBegun(upload: string): Promise<void> {
    const isThere = await stat(join(this.#folder, upload)).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw this.#unknown(upload);
  }

  async #checkSize(upload: string, path: string, added: number): Promise<void> {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    if (size + added <= this.#mostBytes) return;
    await rm(join(this.#folder, upload), { recursive: true, force: true });
    throw new StudioError(
      'invalid-input',
      `datasets: the file has more than ${this.#mostBytes} bytes, the most that can be dropped; import it by its path ("datasets import PATH")`,
      { maximumBytes: this.#mostBytes },
    );
  }
}
