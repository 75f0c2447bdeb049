import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DatasetInfo } from '../../../shared/schema/dataset.ts';
import { exampleNote, type DatasetNotes, type ExampleNote } from '../../../shared/schema/explore.ts';
import { writeFileAtomically } from '../atomic-file.ts';
import { datasetInfo } from '../catalogue.ts';
import { findOfficial } from '../official/official-datasets.ts';

const notesFile = z.strictObject({ version: z.literal(1), notes: z.array(exampleNote) });

/** Where notes lie. Both absolute; they need not exist. */
export interface NotePlaces {
  readonly datasetDirectory: string;
  /** Of the notes about datasets that are not stored: bundled and generated ones. */
  readonly noteDirectory: string;
}

function fileOf(id: string, { datasetDirectory, noteDirectory }: NotePlaces, info: DatasetInfo): string {
  if (info.origin === 'bundled' || info.origin === 'generated') return join(noteDirectory, `${id}.json`);
  // A dataset that is made of another's files goes with them.
  return join(datasetDirectory, findOfficial(id)?.storedAs ?? id, `notes-${id}.json`);
}

function damagedNotes(path: string, cause: unknown): StudioError {
  return new StudioError(
    'data-damaged',
    `datasets: ${path} does not hold notes as the studio writes them; repair it, or move it away to begin anew`,
    { file: path },
    { cause },
  );
}

function readNotes(path: string): ExampleNote[] {
  if (!existsSync(path)) return [];
  try {
    return notesFile.parse(JSON.parse(readFileSync(path, 'utf8'))).notes;
  } catch (cause) {
    throw damagedNotes(path, cause);
  }
}

/** Rows of a table depend on the columns chosen, and a generator's on its options; of others the count is known. */
function checkRow({ part, row }: Pick<ExampleNote, 'part' | 'row'>, info: DatasetInfo): void {
  if (info.columns !== null || info.generated) return;
  const count = part === 'train' ? info.trainExamples : info.testExamples;
  if (row < count) return;
  const has = count === 0 ? `no ${part} part` : `rows 0 to ${count - 1}`;
  throw new StudioError(
    'invalid-input',
    `datasets: a note was given for row ${row} and the ${part} part of ${info.name} has ${has}; choose one of its examples`,
    { path: 'row' },
  );
}

function checkHere(info: DatasetInfo): void {
  if (info.available) return;
  throw new StudioError(
    'not-found',
    `datasets: ${info.name} is not on this machine, so that no note can be kept with it; fetch or import it first`,
    { dataset: info.id },
  );
}

function inOrder(a: ExampleNote, b: ExampleNote): number {
  return a.part === b.part ? a.row - b.row : a.part === 'train' ? -1 : 1;
}

/** Notes about examples, kept in one file per dataset: with its own files, so that they go when it goes. */
export class NotesFiles {
  readonly #places: NotePlaces;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(places: NotePlaces) {
    this.#places = places;
  }

  /**
   * All notes of a dataset: train before test, rows ascending.
   * @throws StudioError `not-found` for an unknown dataset, `data-damaged` for a file that is none of ours
   */
  get(dataset: string): DatasetNotes {
    return { dataset, notes: readNotes(fileOf(dataset, this.#places, this.#infoOf(dataset))) };
  }

  /**
   * Stores the note of an example in the place of the one before, or with null takes it away. It is on the disk when this
   * resolves.
   * @throws StudioError as {@link get}; `invalid-input` for a row that is not there, `disk-full`
   */
  set(
    dataset: string,
    example: Pick<ExampleNote, 'part' | 'row'>,
    note: Pick<ExampleNote, 'kind' | 'text'> | null,
  ): Promise<DatasetNotes> {
    // One after another: each reads what the one before has written.
    const result = this.#turn.then(() => this.#setNow(dataset, example, note));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #setNow(
    dataset: string,
    { part, row }: Pick<ExampleNote, 'part' | 'row'>,
    note: Pick<ExampleNote, 'kind' | 'text'> | null,
  ): Promise<DatasetNotes> {
    const info = this.#infoOf(dataset);
    checkHere(info);
    checkRow({ part, row }, info);
    const path = fileOf(dataset, this.#places, info);
    const others = readNotes(path).filter((other) => other.part !== part || other.row !== row);
    const notes = [...others, ...(note === null ? [] : [{ part, row, ...note }])].sort(inOrder);
    const text = `${JSON.stringify({ version: 1, notes }, null, 1)}\n`;
    await writeFileAtomically(path, Buffer.from(text));
    return { dataset, notes };
  }

  #infoOf(dataset: string): DatasetInfo {
    return datasetInfo({ dataset, generator: null, table: null }, this.#places.datasetDirectory);
  }
}
