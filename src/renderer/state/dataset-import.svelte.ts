import type { StudioClient } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { ImportPreview } from '../../shared/schema/catalogue.ts';
import type { ColumnType, DatasetInfo } from '../../shared/schema/dataset.ts';
import { uploadFiles, type UploadState } from './dataset-upload.ts';
import type { DroppedFile } from './dropped-files.ts';

/** Where an import is. */
export type ImportStage = 'choosing' | 'uploading' | 'reading' | 'deciding' | 'storing' | 'done';

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new StudioError('cancelled', 'import: cancelled');
}

/** One dataset's way from files to the list: hand over, look, correct, store. */
export class DatasetImport {
  stage = $state.raw<ImportStage>('choosing');
  upload = $state.raw<UploadState | null>(null);
  /** Bytes a second of the upload so far. */
  rate = $state.raw<number | null>(null);
  preview = $state.raw<ImportPreview | null>(null);
  /** Corrections of guessed types. */
  columnTypes = $state.raw<Readonly<Record<string, ColumnType>>>({});
  name = $state('');
  error = $state.raw<Error | null>(null);
  /** The files are read once more, after a correction. */
  rereading = $state(false);
  /** What was stored. */
  stored = $state.raw<DatasetInfo | null>(null);

  readonly #client: StudioClient;
  #paths: readonly string[] = [];
  #abort = new AbortController();

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** What is asked of the studio: files it has, and what was said of them. */
  get #request() {
    const name = this.name.trim();
    return {
      paths: [...this.#paths],
      columnTypes: { ...this.columnTypes },
      ...(name === '' ? {} : { name }),
    };
  }

  /** Hands dropped or picked files over and looks at them. */
  async takeFiles(files: readonly DroppedFile[]): Promise<void> {
    this.#begin('uploading');
    const { signal } = this.#abort;
    const startedAt = performance.now();
    const onProgress = (state: UploadState) => {
      if (signal.aborted) return;
      this.upload = state;
      this.rate = (1_000 * state.doneBytes) / Math.max(1, performance.now() - startedAt);
    };
    await this.#attempt('choosing', async () => {
      const paths = await uploadFiles(this.#client, files, { signal, onProgress });
      throwIfCancelled(signal);
      this.#paths = paths;
      await this.#look(signal);
    });
  }

  /** Looks at a file or folder by its path on the studio's machine. */
  async takePath(path: string): Promise<void> {
    this.#begin('reading');
    this.#paths = [path];
    await this.#attempt('choosing', () => this.#look(this.#abort.signal));
  }

  /** Says that a column is of another type than guessed, and looks again. */
  async correct(column: string, type: ColumnType): Promise<void> {
    this.columnTypes = { ...this.columnTypes, [column]: type };
    this.error = null;
    this.rereading = true;
    await this.#attempt('deciding', async () => {
      this.preview = await this.#client.invoke('datasets.preview', this.#request);
    });
    this.rereading = false;
  }

  /** Stores it. Afterwards `stored` says what it became. */
  async store(): Promise<void> {
    this.error = null;
    this.stage = 'storing';
    await this.#attempt('deciding', async () => {
      this.stored = await this.#client.invoke('datasets.import', this.#request);
      this.stage = 'done';
    });
  }

  /** Stops handing over, and forgets what was chosen. */
  cancel(): void {
    this.#abort.abort();
    this.stage = 'choosing';
    this.upload = null;
  }

  #begin(stage: ImportStage): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.stage = stage;
    this.upload = null;
    this.rate = null;
    this.preview = null;
    this.columnTypes = {};
    this.name = '';
    this.error = null;
  }

  async #look(signal: AbortSignal): Promise<void> {
    this.stage = 'reading';
    const preview = await this.#client.invoke('datasets.preview', this.#request);
    throwIfCancelled(signal);
    this.preview = preview;
    this.name = preview.suggestedName;
    this.stage = 'deciding';
  }

  /** Runs a step; where it fails, its error stands there and the import is back at `otherwise`. */
  async #attempt(otherwise: ImportStage, step: () => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    try {
      await step();
    } catch (error) {
      // Of a step that was given up, nothing is shown.
      if (signal.aborted) return;
      this.error = error instanceof Error ? error : new Error(String(error));
      this.stage = otherwise;
    }
  }
}
