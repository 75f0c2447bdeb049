import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { DatasetNotes, ExampleNote } from '../../shared/schema/explore.ts';
import type { ExampleSpace } from './explore-space.ts';

/** What is noted of an example, without where it is. */
export type NoteContent = Pick<ExampleNote, 'kind' | 'text'>;

/** One step of the user's: what the examples' notes were before. */
interface Step {
  readonly before: readonly { readonly index: number; readonly note: NoteContent | null }[];
}

const MOST_STEPS = 100;

/** The notes of a dataset's examples, by index; every change is stored at once and can be taken back. */
export class ExampleNotes {
  byIndex = $state.raw<ReadonlyMap<number, ExampleNote>>(new Map());
  canUndo = $state(false);
  readonly #client: StudioClient;
  readonly #dataset: string;
  #space: ExampleSpace;
  #notes: readonly ExampleNote[] = [];
  #steps: Step[] = [];

  constructor(client: StudioClient, dataset: string, space: ExampleSpace) {
    this.#client = client;
    this.#dataset = dataset;
    this.#space = space;
  }

  /** Numbers the notes by another space. */
  setSpace(space: ExampleSpace): void {
    this.#space = space;
    this.#index();
  }

  async load(): Promise<void> {
    this.#take(await this.#client.invoke('explore.notes', { dataset: this.#dataset }));
  }

  /** Notes the same of several examples, or with null takes their notes away. Rejects as the call does. */
  async set(indices: readonly number[], note: NoteContent | null): Promise<void> {
    const before = indices.map((index) => ({ index, note: this.#contentOf(index) }));
    await this.#store(indices.map((index) => ({ index, note })));
    this.#steps = [...this.#steps, { before }].slice(-MOST_STEPS);
    this.canUndo = true;
  }

  /** Takes the last step back. */
  async undo(): Promise<void> {
    const step = this.#steps.pop();
    this.canUndo = this.#steps.length > 0;
    if (step !== undefined) await this.#store(step.before);
  }

  async #store(
    changes: readonly { readonly index: number; readonly note: NoteContent | null }[],
  ): Promise<void> {
    for (const { index, note } of changes) {
      const notes = await this.#client.invoke('explore.annotate', {
        dataset: this.#dataset,
        part: this.#space.partOf(index),
        row: this.#space.rowOf(index),
        note,
      });
      this.#take(notes);
    }
  }

  #contentOf(index: number): NoteContent | null {
    const note = this.byIndex.get(index);
    return note === undefined ? null : { kind: note.kind, text: note.text };
  }

  #take({ notes }: DatasetNotes): void {
    this.#notes = notes;
    this.#index();
  }

  #index(): void {
    const space = this.#space;
    const placed = this.#notes.map((note) => [space.indexOf(note.part, note.row), note] as const);
    this.byIndex = new Map(placed.filter(([index]) => index < space.count));
  }
}
