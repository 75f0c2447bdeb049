import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Artifact, ArtifactKind } from '../../shared/schema/artifact.ts';
import type { RunId } from '../../shared/schema/run.ts';
import {
  nodeFileCalls,
  removeHalfWritten,
  writeFileAtomically,
  type FileCalls,
} from '../data/atomic-file.ts';

/** The files beside the database, named by artifacts. Paths in artifacts use '/' on every platform. */
export class ArtifactFiles {
  readonly directory: string;
  readonly #calls: FileCalls;

  /** @param directory absolute path of the artifact folder; it is made when first written to */
  constructor(directory: string, calls: FileCalls = nodeFileCalls) {
    this.directory = directory;
    this.#calls = calls;
  }

  /**
   * Writes an artifact whole or not at all.
   * @throws StudioError 'disk-full' with nothing left behind, 'invalid-input' for a path outside the folder
   */
  async write(
    kind: ArtifactKind,
    path: string,
    content: Uint8Array | readonly Uint8Array[],
  ): Promise<Artifact> {
    const written = await writeFileAtomically(this.resolve(path), content, this.#calls);
    return { kind, path, ...written };
  }

  /**
   * Reads an artifact and checks it against its row.
   * @throws StudioError 'data-damaged' when the file is missing or its bytes are not those that were stored
   */
  async read(artifact: Artifact): Promise<Uint8Array> {
    const bytes = await readFile(this.resolve(artifact.path)).catch((error: unknown) => {
      throw damaged(artifact, 'it could not be read', error);
    });
    if (bytes.byteLength !== artifact.sizeBytes) {
      throw damaged(artifact, `found ${bytes.byteLength} bytes, expected ${artifact.sizeBytes}`);
    }
    if (createHash('sha256').update(bytes).digest('hex') !== artifact.sha256) {
      throw damaged(artifact, 'its checksum is not the one stored with it');
    }
    return bytes;
  }

  /** Removes files; those already gone are no error. Returns the bytes freed. */
  async remove(artifacts: readonly Artifact[]): Promise<number> {
    let freedBytes = 0;
    for (const artifact of artifacts) {
      const path = this.resolve(artifact.path);
      freedBytes += await sizeOf(path);
      await rm(path, { force: true });
    }
    return freedBytes;
  }

  /** Removes everything of a run, also what an interrupted write left. Returns the bytes freed. */
  async removeRun(id: RunId): Promise<number> {
    const folder = this.resolve(`runs/${id}`);
    const freedBytes = await folderBytes(folder);
    await rm(folder, { recursive: true, force: true });
    return freedBytes;
  }

  /** Removes what a killed trainer was writing. */
  removeHalfWritten(id: RunId): void {
    removeHalfWritten(this.resolve(`runs/${id}`));
  }

  /** Bytes of all artifacts. */
  sizeBytes(): Promise<number> {
    return folderBytes(this.directory);
  }

  /** The absolute path of an artifact; refuses one that leads out of the folder. */
  resolve(path: string): string {
    const absolute = join(this.directory, path);
    const inside = relative(this.directory, absolute);
    if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside))
      return absolute;
    throw new StudioError('invalid-input', `Storage: artifact path ${path} leads out of ${this.directory}.`, {
      path,
    });
  }
}

function damaged(artifact: Artifact, found: string, cause?: unknown): StudioError {
  return new StudioError(
    'data-damaged',
    `Storage: ${artifact.kind} ${artifact.path}: ${found}. It cannot be used; start the run again.`,
    { path: artifact.path },
    { cause },
  );
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.size : 0;
}

/** Bytes of all files under a folder; 0 where there is none. Files that vanish meanwhile do not count. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => sizeOf(join(entry.parentPath, entry.name))),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
