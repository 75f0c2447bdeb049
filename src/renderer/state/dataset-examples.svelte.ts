import type { StudioClient } from '../../shared/ipc/contract.ts';
import { dataSpec, type DatasetInfo } from '../../shared/schema/dataset.ts';
import type { ExamplePage } from '../../shared/schema/results.ts';

/** Of a dataset: the part learned from, or the one it is tested on. */
export type DatasetPart = 'train' | 'test';

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
    return this.part === 'train' ? this.info.trainExamples : this.info.testExamples;
  }

  get pages(): number {
    return Math.max(1, Math.ceil(this.count / this.pageSize));
  }

  /** Goes to a page, kept within what there is, and reads it. */
  async show(page: number, part: DatasetPart = this.part): Promise<void> {
    this.part = part;
    this.page = Math.max(0, Math.min(this.pages - 1, page));
    if (this.count === 0) return;
    // Without a choice of columns a table shows those it would be learned from.
    const data = dataSpec.parse({ dataset: this.info.id });
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
