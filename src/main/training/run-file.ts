import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';

/** How messages speak of a kind of file: "checkpoint", and what to do without one. */
export interface RunFileWords {
  readonly noun: string;
  readonly wayOut: string;
}

/**
 * Reads one of a run's files whole.
 * @param path relative to the artifact folder
 * @param sha256 of the whole file, where it is known
 * @throws StudioError `not-found`, or `data-damaged` where it is not the file that the checksum is of
 */
export async function readRunFile(
  directory: string,
  path: string,
  sha256: string | null,
  { noun, wayOut }: RunFileWords,
): Promise<Uint8Array> {
  const bytes = await readFile(join(directory, path)).catch((error: unknown) => {
    throw new StudioError(
      'not-found',
      `${noun} ${basename(path)}: cannot be read (${error instanceof Error ? error.message : String(error)}); ${wayOut}`,
      { file: path },
      { cause: error },
    );
  });
  if (sha256 === null || createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
  throw new StudioError(
    'data-damaged',
    `${noun} ${basename(path)}: it is not the file the history names; ${wayOut}`,
    { file: path },
  );
}
