import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import { writeFileAtomically } from '../data/atomic-file.ts';
import { parseUnknownExperiment } from './experiment-check.ts';

const OWN = 'mine/';
const fileName = /^[a-z0-9][a-z0-9-]{0,79}$/;

/** An experiment file that was read: the experiment, or why it is none. */
export type ExperimentFile =
  | { readonly id: string; readonly experiment: Experiment }
  | { readonly id: string; readonly experiment: null; readonly fault: string };

/** The gallery's files: those that come with the program, and the user's own under "mine/". */
export class ExperimentFiles {
  readonly #bundled: string;
  readonly #own: string;

  /** Folders of the bundled and of the user's own files; either may be missing. */
  constructor(bundled: string, own: string) {
    this.#bundled = bundled;
    this.#own = own;
  }

  /** All files, bundled first, each list in order of the names. */
  list(): ExperimentFile[] {
    return [...idsIn(this.#bundled, ''), ...idsIn(this.#own, OWN)].map((id) => this.#read(id));
  }

  /** @throws StudioError 'not-found', or 'invalid-input' for a file with faults */
  get(id: string): Experiment {
    const file = this.#read(id);
    if (file.experiment !== null) return file.experiment;
    throw new StudioError('invalid-input', `Experiment ${id}: ${file.fault}`, { id });
  }

  /**
   * Stores an experiment of the user's own, under a new name made from its title when `id` is null.
   * @throws StudioError 'invalid-input' for a bundled one, 'disk-full'
   */
  async save(id: string | null, experiment: Experiment): Promise<string> {
    const target = id ?? this.#freeId(experiment.name);
    const content = Buffer.from(`${JSON.stringify(experiment, null, 2)}\n`);
    await writeFileAtomically(this.#ownPath(target), content);
    return target;
  }

  /** @throws StudioError 'invalid-input' for a bundled one, 'not-found' */
  delete(id: string): void {
    const path = this.#ownPath(id);
    this.#readText(id);
    rmSync(path);
  }

  #read(id: string): ExperimentFile {
    const text = this.#readText(id);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return {
        id,
        experiment: null,
        fault: `is no JSON: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
    const { experiment, issues } = parseUnknownExperiment(value);
    if (experiment !== null) return { id, experiment };
    return { id, experiment, fault: issues.map(({ path, message }) => `${path}: ${message}`).join('; ') };
  }

  #readText(id: string): string {
    try {
      return readFileSync(this.#path(id), 'utf8');
    } catch (error) {
      if (error instanceof StudioError) throw error;
      throw notFound(id, error);
    }
  }

  #path(id: string): string {
    if (id.startsWith(OWN)) return this.#ownPath(id);
    if (!fileName.test(id)) throw notFound(id);
    return join(this.#bundled, `${id}.json`);
  }

  #ownPath(id: string): string {
    const name = id.slice(OWN.length);
    if (id.startsWith(OWN) && fileName.test(name)) return join(this.#own, `${name}.json`);
    throw new StudioError(
      'invalid-input',
      `Experiment ${id}: only your own experiments ("mine/...", lower-case letters, digits and hyphens) can be changed; save it as a new one.`,
      { id },
    );
  }

  #freeId(title: string): string {
    const stem = slug(title);
    const taken = new Set(idsIn(this.#own, OWN));
    for (let number = 1; ; number++) {
      const id = `${OWN}${number === 1 ? stem : `${stem}-${number}`}`;
      if (!taken.has(id)) return id;
    }
  }
}

function idsIn(folder: string, prefix: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json') && fileName.test(name.slice(0, -'.json'.length)))
    .sort()
    .map((name) => prefix + name.slice(0, -'.json'.length));
}

/** A title as a file name: "My net, v2" becomes "my-net-v2". */
function slug(title: string): string {
  const words =
    title
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, 60).replace(/-$/, '') || 'experiment';
}

function notFound(id: string, cause?: unknown): StudioError {
  return new StudioError(
    'not-found',
    `Experiment ${id}: there is no such file in the gallery.`,
    { id },
    { cause },
  );
}
