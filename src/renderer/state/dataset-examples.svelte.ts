import type { StudioClient } from '../../shared/ipc/contract.ts';
import { dataSpec, type DataSpec, type DatasetInfo } from '../../shared/schema/dataset.ts';
import type { ExamplePage } from '../../shared/schema/results.ts';

/** Columns of a table shown side by side at most. */
const MOST_COLUMNS = 12;

export type DatasetPart = 'train' | 'test';

/** The columns of a table that can be shown for every row: numbers, none missing, not the target. */
export function shownColumns({ columns, targets }: DatasetInfo): string[] {
  return (columns ?? [])
    .filter(
      ({ name, type, missingCount }) => type === 'number' && missingCount === 0 && name !== targets[0]?.name,
    )
    .map(({ name }) => name)
    .slice(0, MOST_COLUMNS);
}

/** What to load to look at a dataset; null for a table without a column that can be shown. */
export function specToLook(info: DatasetInfo): DataSpec | null {
  if (info.columns === null) return dataSpec.parse({ dataset: info.id });
  const features = shownColumns(info);
  const target = info.targets[0]?.name;
  if (features.length === 0 || target === undefined) return null;
  return dataSpec.parse({ dataset: info.id, table: { features, target } });
}

/** Examples in a part as they are loaded to look at: rows of a table without a target are left out. */
export function examplesIn(info: DatasetInfo, part: DatasetPart): number {
  if (part === 'test') return info.testExamples;
  const target = info.columns?.find(({ name }) => name === info.targets[0]?.name);
  return info.trainExamples - (target?.missingCount ?? 0);
}

/** A dataset's examples, a page at a time. */
export class DatasetExamples {
  readonly info: DatasetInfo;
  readonly pageSize: number;
  part = $state<DatasetPart>('train');
  /** Number of the page, from 0. */
  page = $state(0);
  /** The last page that was read; stays while the next one is. */
  examples = $state.raw<ExamplePage | null>(null);
  waiting = $state(false);
  error = $state.raw<Error | null>(null);
  readonly #client: StudioClient;
  #asked = 0;

  constructor(client: StudioClient, info: DatasetInfo) {
    this.#client = client;
    this.info = info;
    this.pageSize = info.featureShape.length === 3 ? 60 : 25;
  }

  get count(): number {
    return examplesIn(this.info, this.part);
  }

  get pages(): number {
    return Math.max(1, Math.ceil(this.count / this.pageSize));
  }

  /** Goes to a page, kept within what there is, and reads it. */
  async show(page: number, part: DatasetPart = this.part): Promise<void> {
    this.part = part;
    this.page = Math.max(0, Math.min(this.pages - 1, page));
    const data = specToLook(this.info);
    if (data === null || this.count === 0) return;
    const first = this.page * this.pageSize;
    const rows = Array.from({ length: Math.min(this.pageSize, this.count - first) }, (_, i) => first + i);
    await this.#read(() => this.#client.invoke('datasets.examples', { data, part, rows }));
  }

  async #read(read: () => Promise<ExamplePage>): Promise<void> {
    const asked = ++this.#asked;
    this.waiting = true;
    try {
      const examples = await read();
      if (asked !== this.#asked) return;
      this.examples = examples;
      this.error = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = error instanceof Error ? error : new Error(String(error));
    }
    this.waiting = false;
  }
}
