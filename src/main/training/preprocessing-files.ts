import { join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import { writeFileAtomically } from '../data/atomic-file.ts';
import { restorePreprocessing, type FittedPreprocessing } from '../preprocess/index.ts';
import { readRunFile, type RunFileWords } from './run-file.ts';

const WORDS: RunFileWords = { noun: 'preprocessing', wayOut: 'start the run anew' };

/**
 * Writes a run's fitted preparation as `runs/<runId>/preprocessing.json`; resolves once it is on the disk.
 * @param fitted materialised once, where it whitens
 * @throws StudioError `disk-full`; nothing is changed then
 */
export async function writePreprocessing(
  artifactDirectory: string,
  runId: string,
  fitted: FittedPreprocessing,
): Promise<Artifact> {
  const path = `runs/${runId}/preprocessing.json`;
  const content = Buffer.from(JSON.stringify(fitted));
  const { sha256, sizeBytes } = await writeFileAtomically(join(artifactDirectory, path), content);
  return { kind: 'preprocessing', path, sha256, sizeBytes };
}

/**
 * Reads what {@link writePreprocessing} wrote: the same numbers, bit for bit.
 * @throws StudioError `not-found`, or `data-damaged` for another file than the artifact names
 */
export async function readPreprocessing(
  artifactDirectory: string,
  { path, sha256 }: Artifact,
): Promise<FittedPreprocessing> {
  const bytes = await readRunFile(artifactDirectory, path, sha256, WORDS);
  return restorePreprocessing(parse(Buffer.from(bytes).toString('utf8'), path));
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StudioError(
      'data-damaged',
      `preprocessing ${path}: it is not JSON; ${WORDS.wayOut}`,
      { file: path },
      { cause: error },
    );
  }
}
