import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { DataSpec } from '../../shared/schema/dataset.ts';
import type { DatasetPart } from '../../shared/schema/explore.ts';
import type { ExamplePage } from '../../shared/schema/results.ts';
import type { ExampleSpace } from './explore-space.ts';
import { asError } from './run-results-loader.svelte.ts';

/** Calls under way at a time: one is answered while the next is read, and little is left over when all change. */
const AT_ONCE = 2;
const MOST_ROWS = 1_000;
const KEPT_BYTES = 96 * 2 ** 20;

/** One example as it is stored. */
export interface StoredExample {
  /** An image's bytes [height, width, channels], or a row of numbers. */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  readonly targets: readonly number[];
}

interface Batch {
  readonly indices: readonly number[];
  readonly bytes: number;
}

/** Where an example's values lie. */
interface Place {
  readonly batch: Batch;
  readonly page: ExamplePage;
  readonly at: number;
}

/** Rows of one part: what a call can ask for. */
interface PartRows {
  readonly part: DatasetPart;
  readonly rows: number[];
}

/**
 * A dataset's examples, read in groups ahead of need. A group not asked for yet is forgotten as soon as others are
 * wanted instead; what was read is kept, up to 96 MiB.
 */
export class ExampleStore {
  readonly space: ExampleSpace;
  /** Of one example; null until the first answer. */
  shape: readonly number[] | null = null;
  /** Told after every answer. */
  onread: () => void = () => undefined;
  onerror: (error: Error) => void = () => undefined;

  readonly #client: StudioClient;
  readonly #data: DataSpec;
  readonly #keptBytes: number;
  readonly #places = new Map<number, Place>();
  /** Oldest first. */
  readonly #batches = new Set<Batch>();
  #bytes = 0;
  #queue: ArrayLike<number>[] = [];
  readonly #reading = new Set<number>();
  #calls = 0;
  #failed = false;

  constructor(client: StudioClient, data: DataSpec, space: ExampleSpace, keptBytes = KEPT_BYTES) {
    this.#client = client;
    this.#data = data;
    this.space = space;
    this.#keptBytes = keptBytes;
  }

  has(index: number): boolean {
    return this.#places.has(index);
  }

  get(index: number): StoredExample | null {
    const place = this.#places.get(index);
    if (place === undefined) return null;
    const { page, at, batch } = place;
    this.#batches.delete(batch);
    this.#batches.add(batch);
    const size = page.values.length / page.rows.length;
    return {
      values: page.values.subarray(at * size, (at + 1) * size),
      targets: page.targets.map((values) => values[at] ?? Number.NaN),
    };
  }

  /** Says which groups of examples are wanted, the most urgent first; groups wanted before and not asked for go. */
  want(groups: readonly ArrayLike<number>[]): void {
    this.#queue = [...groups];
    this.#pump();
  }

  /** Asks again after an error. */
  retry(): void {
    this.#failed = false;
    this.#pump();
  }

  /** Reads a few examples past the queue and gives them in their order. Rejects as the call does. */
  async read(indices: readonly number[]): Promise<(StoredExample | null)[]> {
    const missing = indices.filter((index) => !this.has(index));
    if (missing.length > 0) await this.#readGroup(missing.slice(0, MOST_ROWS));
    return indices.map((index) => this.get(index));
  }

  /** Forgets everything wanted; what is under way still comes in. */
  close(): void {
    this.#queue = [];
    this.onread = () => undefined;
    this.onerror = () => undefined;
  }

  #pump(): void {
    while (this.#calls < AT_ONCE && !this.#failed) {
      const missing = this.#nextMissing();
      if (missing === null) return;
      this.#calls++;
      this.#readGroup(missing)
        .then(
          () => this.onread(),
          (thrown: unknown) => {
            // Every other group would fail alike; the screen offers to try again.
            this.#failed = true;
            this.onerror(asError(thrown));
          },
        )
        .finally(() => {
          this.#calls--;
          this.#pump();
        });
    }
  }

  /** What the first group with anything missing lacks. */
  #nextMissing(): number[] | null {
    for (let group = this.#queue.shift(); group !== undefined; group = this.#queue.shift()) {
      const missing = Array.from(group).filter((index) => !this.has(index) && !this.#reading.has(index));
      if (missing.length > 0) return missing.slice(0, MOST_ROWS);
    }
    return null;
  }

  async #readGroup(indices: readonly number[]): Promise<void> {
    for (const index of indices) this.#reading.add(index);
    try {
      await Promise.all(this.#partsOf(indices).map((wanted) => this.#readPart(wanted)));
    } finally {
      for (const index of indices) this.#reading.delete(index);
    }
  }

  #partsOf(indices: readonly number[]): PartRows[] {
    const parts: PartRows[] = (['train', 'test'] as const).map((part) => ({ part, rows: [] }));
    for (const index of indices)
      parts[this.space.partOf(index) === 'train' ? 0 : 1]!.rows.push(this.space.rowOf(index));
    return parts.filter(({ rows }) => rows.length > 0);
  }

  async #readPart({ part, rows }: PartRows): Promise<void> {
    const page = await this.#client.invoke('datasets.examples', { data: this.#data, part, rows });
    this.shape = page.shape;
    const indices = [...page.rows].map((row) => this.space.indexOf(part, row));
    const batch: Batch = { indices, bytes: page.values.byteLength };
    this.#batches.add(batch);
    this.#bytes += batch.bytes;
    indices.forEach((index, at) => this.#places.set(index, { batch, page, at }));
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const batch of this.#batches) {
      if (this.#bytes <= this.#keptBytes || this.#batches.size === 1) return;
      this.#batches.delete(batch);
      this.#bytes -= batch.bytes;
      for (const index of batch.indices)
        if (this.#places.get(index)?.batch === batch) this.#places.delete(index);
    }
  }
}
