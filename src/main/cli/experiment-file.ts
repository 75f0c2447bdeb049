import { existsSync, readFileSync } from 'node:fs';
import type { StudioClient } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Experiment, ExperimentIssue } from '../../shared/schema/experiment.ts';

/** The faults of an experiment file; `details.issues` carries them for `--json`. */
export class ExperimentFileError extends StudioError {
  readonly issues: readonly ExperimentIssue[];

  constructor(file: string, issues: readonly ExperimentIssue[]) {
    const list = issues.map(({ path, message }) => `\n  ${path || '(file)'}: ${message}`).join('');
    super('invalid-input', `${file}: found ${issues.length} fault(s), expected a valid experiment${list}`, {
      issues,
    });
    this.issues = issues;
  }
}

/**
 * Reads a JSON file without interpreting it.
 * @throws StudioError `not-found`, or `invalid-input` where it is no JSON
 */
export function readJsonFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StudioError('not-found', `${file}: cannot be read, expected an experiment file`, {}, { cause });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError(
      'invalid-input',
      `${file}: found no valid JSON (${why}), expected an experiment`,
      {},
      { cause },
    );
  }
}

/** Does a word of the command line mean an experiment of the gallery, not a file? */
export function isGalleryId(word: string): boolean {
  return !word.endsWith('.json') && !existsSync(word);
}

/**
 * The experiment a word of the command line means: a file if there is one or the word looks like one, else an id of
 * the gallery.
 * @throws ExperimentFileError when the file has faults; StudioError `not-found` for an unknown id
 */
export async function loadExperiment(client: StudioClient, fileOrId: string): Promise<Experiment> {
  if (isGalleryId(fileOrId)) {
    return client.invoke('experiments.get', { id: fileOrId });
  }
  const check = await client.invoke('experiments.check', { experiment: readJsonFile(fileOrId) });
  if (check.issues.length > 0 || !check.experiment) throw new ExperimentFileError(fileOrId, check.issues);
  return check.experiment;
}
