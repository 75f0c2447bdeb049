import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { DataSpec } from '../../shared/schema/dataset.ts';
import type { ExampleSpace } from './explore-space.ts';
import { asError } from './run-results-loader.svelte.ts';

/** Numbers in one answer, and in all of them: what a window keeps without harm. */
const NUMBERS_PER_CALL = 48_000;
const MOST_NUMBERS = 24_000_000;
const MOST_ROWS = 1_000;

/** All numbers of a table, read page by page once something asks for them: values to filter by and pairs to draw. */
export class TableValues {
  /** [examples, features] flat; null until all are read. */
  values = $state.raw<Float32Array | null>(null);
  /** Share read, in [0, 1]; null while nothing is read. */
  progress = $state.raw<number | null>(null);
  error = $state.raw<Error | null>(null);
  readonly width: number;
  readonly #client: StudioClient;
  readonly #data: DataSpec;
  readonly #space: ExampleSpace;
  #reading: Promise<void> | null = null;
  #closed = false;

  constructor(client: StudioClient, data: DataSpec, space: ExampleSpace, width: number) {
    this.#client = client;
    this.#data = data;
    this.#space = space;
    this.width = width;
  }

  /** More numbers than are read into a window. */
  get tooLarge(): boolean {
    return this.#space.count * this.width > MOST_NUMBERS;
  }

  /** Reads all numbers unless they are there. What goes wrong is left in `error`; loading again tries again. */
  load(): Promise<void> {
    if (this.values !== null || this.tooLarge) return Promise.resolve();
    this.#reading ??= this.#readAll()
      .catch((thrown: unknown) => void (this.error = asError(thrown)))
      .finally(() => {
        this.#reading = null;
        this.progress = null;
      });
    return this.#reading;
  }

  close(): void {
    this.#closed = true;
  }

  /** The numbers of one feature, [examples]; null while they are not there. */
  column(feature: number): Float32Array | null {
    const { values, width } = this;
    if (values === null || feature < 0 || feature >= width) return null;
    return Float32Array.from({ length: this.#space.count }, (_, index) => values[index * width + feature]!);
  }

  async #readAll(): Promise<void> {
    this.error = null;
    this.progress = 0;
    const { count } = this.#space;
    const values = new Float32Array(count * this.width);
    const step = Math.max(1, Math.min(MOST_ROWS, Math.floor(NUMBERS_PER_CALL / this.width)));
    for (let from = 0; from < count && !this.#closed;) {
      const part = this.#space.partOf(from);
      const end = part === 'train' ? this.#space.trainCount : count;
      const length = Math.min(step, end - from);
      const rows = Array.from({ length }, (_, at) => this.#space.rowOf(from + at));
      const page = await this.#client.invoke('datasets.examples', { data: this.#data, part, rows });
      values.set(page.values, from * this.width);
      from += length;
      this.progress = from / count;
    }
    if (!this.#closed) this.values = values;
  }
}
