import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { CatalogueEntry, DatasetList, DatasetProgress } from '../../shared/schema/catalogue.ts';
import { dataSpec, type DatasetInfo } from '../../shared/schema/dataset.ts';

const WORKING: readonly DatasetProgress['phase'][] = ['download', 'read', 'store'];

/** The studio keeps a dataset that is looked at for a minute. */
const WARM_MS = 50_000;

/** A dataset of the list: on this machine, or of the catalogue and still to be had. */
export interface DatasetRow {
  readonly id: string;
  readonly name: string;
  /** Null for one of the catalogue that is not here. */
  readonly info: DatasetInfo | null;
  /** Null for one that is of no catalogue. */
  readonly entry: CatalogueEntry | null;
  readonly here: boolean;
}

/** Every dataset once, those of the catalogue that are not here included. */
export function datasetRows({ datasets, catalogue }: DatasetList): DatasetRow[] {
  const entries = new Map(catalogue.map((entry) => [entry.id, entry]));
  const known = datasets.map((info): DatasetRow => {
    const entry = entries.get(info.id) ?? null;
    return { id: info.id, name: info.name, info, entry, here: info.available };
  });
  const ids = new Set(known.map((row) => row.id));
  const missing = catalogue
    .filter((entry) => !ids.has(entry.id))
    .map((entry): DatasetRow => ({ id: entry.id, name: entry.name, info: entry.info, entry, here: false }));
  return [...known, ...missing];
}

/** What a fetch of the entry would bring, in bytes. */
export function fetchBytes(entry: CatalogueEntry): number {
  return entry.files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

/** Other entries that are made from the same files, and so come and go with this one. */
export function madeFromSameFiles(entry: CatalogueEntry, catalogue: readonly CatalogueEntry[]): string[] {
  const addresses = new Set(entry.files.map((file) => file.address));
  return catalogue
    .filter((other) => other.id !== entry.id && other.files.some((file) => addresses.has(file.address)))
    .map((other) => other.name);
}

/** The datasets on this machine and of the catalogue, and what is being fetched. */
export class Datasets {
  list = $state.raw<DatasetList | null>(null);
  /** The last word of each fetch or import that goes on, failed or was cancelled, by dataset. */
  progress = $state.raw<ReadonlyMap<string, DatasetProgress>>(new Map());
  readonly #client: StudioClient;
  readonly #warmedAt = new Map<string, number>();

  constructor(client: StudioClient) {
    this.#client = client;
  }

  get rows(): readonly DatasetRow[] {
    return this.list === null ? [] : datasetRows(this.list);
  }

  start(): () => void {
    const stops = [
      this.#client.subscribe('dataset.progress', (progress) => this.#follow(progress)),
      this.#client.subscribe('datasets.changed', () => {
        if (this.list !== null) void this.load().catch(() => undefined);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    this.list = await this.#client.invoke('datasets.list', {});
  }

  isWorking(id: string): boolean {
    const phase = this.progress.get(id)?.phase;
    return phase !== undefined && WORKING.includes(phase);
  }

  /** Has the studio read a dataset that is about to be opened, so that its first examples are there at once. */
  warm(id: string): void {
    const now = performance.now();
    if (now - (this.#warmedAt.get(id) ?? -Infinity) < WARM_MS) return;
    this.#warmedAt.set(id, now);
    const data = dataSpec.parse({ dataset: id });
    // What is wrong with it is said when it is opened.
    void this.#client.invoke('datasets.examples', { data, part: 'train', rows: [0] }).catch(() => undefined);
  }

  async fetch(id: string): Promise<void> {
    this.#forget(id);
    await this.#client.invoke('datasets.fetch', { id });
  }

  async cancelFetch(id: string): Promise<void> {
    await this.#client.invoke('datasets.cancelFetch', { id });
  }

  async remove(id: string): Promise<void> {
    await this.#client.invoke('datasets.remove', { id });
    this.#forget(id);
    await this.load();
  }

  #follow(progress: DatasetProgress): void {
    if (progress.phase === 'done') this.#forget(progress.dataset);
    else this.progress = new Map(this.progress).set(progress.dataset, progress);
  }

  #forget(id: string): void {
    this.progress = new Map([...this.progress].filter(([key]) => key !== id));
  }
}
