import { loadDataset } from '../data/index.ts';
import type { DatasetChoice } from '../data/index.ts';
import type { LoadedDataset } from '../data/loaded-dataset.ts';

/** Datasets kept in memory: the one that is looked at, and the one before. */
const KEPT = 2;
/** After so long without a question they are let go; the largest take 180 MB each. */
const IDLE_MS = 60_000;

/** A few loaded datasets, one copy each for all who show them, for as long as somebody looks at them. */
export class DatasetShelf {
  readonly #datasetDirectory: string;
  readonly #kept = new Map<string, Promise<LoadedDataset>>();
  readonly #onClear = new Set<() => void>();
  #idle: NodeJS.Timeout | null = null;

  /** @param datasetDirectory absolute folder of the stored datasets */
  constructor(datasetDirectory: string) {
    this.#datasetDirectory = datasetDirectory;
  }

  /**
   * The dataset, from memory where it is there. It belongs to the shelf: nobody changes it.
   * @throws StudioError as `loadDataset`
   */
  get({ dataset, generator, table }: DatasetChoice): Promise<LoadedDataset> {
    const key = JSON.stringify([dataset, generator, table]);
    const loading = this.#kept.get(key) ?? this.#load(key, { dataset, generator, table });
    this.#kept.delete(key);
    this.#kept.set(key, loading);
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    this.#restartIdle();
    return loading;
  }

  /** Lets all go, because a dataset was removed or stored anew, or the studio ends; listeners are told. */
  clear(): void {
    this.#letGo();
    for (const listener of this.#onClear) listener();
  }

  /** Calls the listener whenever what was computed from a dataset may no longer be true. */
  onClear(listener: () => void): void {
    this.#onClear.add(listener);
  }

  #letGo(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#kept.clear();
  }

  #load(key: string, choice: DatasetChoice): Promise<LoadedDataset> {
    const loading = loadDataset(choice, this.#datasetDirectory);
    loading.catch(() => this.#kept.delete(key));
    return loading;
  }

  #restartIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#letGo(), IDLE_MS).unref();
  }
}
