import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { DataSpec, SplitName } from '../../shared/schema/dataset.ts';

/** The most rows one call gives. */
const PAGE = 1_000;

/** One example as it is stored: an image's bytes [height, width, channels], or a row of numbers. */
export interface ExampleValues {
  readonly row: number;
  readonly shape: readonly number[];
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

type Part = 'train' | 'test';

/** The part of the dataset that holds a split: dev is taken from the training part. */
export function partOf(split: SplitName): Part {
  return split === 'test' ? 'test' : 'train';
}

/** Reads a run's examples by row and keeps those read, at most some thousand. */
export class ExampleReader {
  readonly #client: StudioClient;
  readonly #data: DataSpec;
  readonly #kept = new Map<string, ExampleValues>();
  readonly #most: number;
  #names: Promise<readonly string[]> | null = null;

  constructor(client: StudioClient, data: DataSpec, most = 8_192) {
    this.#client = client;
    this.#data = data;
    this.#most = most;
  }

  /** The examples of the rows, in their order. Rejects as the call does. */
  async read(part: Part, rows: readonly number[]): Promise<ExampleValues[]> {
    const found = new Map<number, ExampleValues>();
    for (const row of rows) {
      const kept = this.#kept.get(`${part}/${row}`);
      if (kept !== undefined) found.set(row, kept);
    }
    const missing = [...new Set(rows.filter((row) => !found.has(row)))];
    for (let from = 0; from < missing.length; from += PAGE) {
      const read = await this.#readPage(part, missing.slice(from, from + PAGE));
      for (const example of read) found.set(example.row, example);
    }
    return rows.flatMap((row) => found.get(row) ?? []);
  }

  /** A name per feature of a row of numbers; empty for images and where they have none. */
  featureNames(): Promise<readonly string[]> {
    this.#names ??= this.#readNames().catch((error: unknown) => {
      this.#names = null;
      throw error;
    });
    return this.#names;
  }

  async #readNames(): Promise<readonly string[]> {
    if (this.#data.table !== null) return this.#data.table.features;
    const { datasets } = await this.#client.invoke('datasets.list', {});
    return datasets.find((dataset) => dataset.id === this.#data.dataset)?.featureNames ?? [];
  }

  async #readPage(part: Part, rows: number[]): Promise<ExampleValues[]> {
    const page = await this.#client.invoke('datasets.examples', { data: this.#data, part, rows });
    const size = page.shape.reduce((product, side) => product * side, 1);
    return [...page.rows].map((row, index) => {
      const values = page.values.slice(index * size, (index + 1) * size);
      const example = { row, shape: page.shape, values };
      this.#keep(`${part}/${row}`, example);
      return example;
    });
  }

  #keep(key: string, example: ExampleValues): void {
    this.#kept.set(key, example);
    if (this.#kept.size <= this.#most) return;
    const oldest = this.#kept.keys().next().value;
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
