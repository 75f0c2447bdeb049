import { basename, join } from 'node:path';
import type { Artifact } from '../../shared/schema/artifact.ts';
import { writeFileAtomically } from '../data/atomic-file.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readRunFile, type RunFileWords } from './run-file.ts';

const WORDS: RunFileWords = {
  noun: 'checkpoint',
  wayOut: 'resume from an earlier checkpoint or start the run anew',
};

/** A run's checkpoints as files under `runs/<runId>/` of the artifact folder. */
export class CheckpointFiles {
  readonly #directory: string;
  readonly #runId: string;

  constructor(artifactDirectory: string, runId: string) {
    this.#directory = artifactDirectory;
    this.#runId = runId;
  }

  /** Path of an epoch's checkpoint, relative to the artifact folder, with forward slashes. */
  epochPath(epoch: number): string {
    return `runs/${this.#runId}/epoch-${String(epoch).padStart(6, '0')}.checkpoint`;
  }

  /** Path of a checkpoint taken in the middle of an epoch. */
  pausePath(step: number): string {
    return `runs/${this.#runId}/paused-${String(step).padStart(9, '0')}.checkpoint`;
  }

  /**
   * Resolves once the file is on the disk.
   * @throws StudioError `disk-full`; nothing is changed then
   */
  async write(path: string, checkpoint: Checkpoint): Promise<Artifact> {
    const written = await writeFileAtomically(join(this.#directory, path), encodeCheckpoint(checkpoint));
    return { kind: 'checkpoint', path, sha256: written.sha256, sizeBytes: written.sizeBytes };
  }

  /**
   * @param sha256 of the whole file, where it is known
   * @throws StudioError `not-found` or `data-damaged`
   */
  async read(path: string, sha256?: string): Promise<Checkpoint> {
    const bytes = await readRunFile(this.#directory, path, sha256 ?? null, WORDS);
    return decodeCheckpoint(bytes, basename(path));
  }
}
