import type {
  DatasetStatistics,
  Duplicates,
  ExploredData,
  Projection,
  ProjectionMethod,
} from '../../shared/schema/explore.ts';
import type { ExampleStore } from './explore-store.ts';
import { LongTask } from './explore-task.svelte.ts';
import type { Explorer } from './explore.svelte.ts';
import { Latest } from './run-results-loader.svelte.ts';

/** What is computed about a dataset on demand, kept while it is looked at. */
export class ExplorerTasks {
  readonly explorer: Explorer;
  readonly statistics = new Latest<DatasetStatistics>();
  readonly projection: LongTask<Projection>;
  readonly duplicates: LongTask<Duplicates>;
  #projectedStore = $state.raw<ExampleStore | null>(null);
  #comparedStore = $state.raw<ExampleStore | null>(null);

  constructor(explorer: Explorer) {
    this.explorer = explorer;
    this.projection = new LongTask(explorer.client, 'projection');
    this.duplicates = new LongTask(explorer.client, 'duplicates');
  }

  /** Reads the statistics of the examples as they are split now. */
  askStatistics(): void {
    const { client, explored } = this.explorer;
    this.statistics.ask(keyOf(explored), () => client.invoke('explore.statistics', explored));
  }

  /** Computes a projection of so many examples. */
  project(method: ProjectionMethod, examples: number): Promise<void> {
    const { client, explored, store } = this.explorer;
    this.#projectedStore = store;
    return this.projection.run((task) =>
      client.invoke('explore.projection', { ...explored, method, examples, task }),
    );
  }

  /** Looks for test examples that are nearly one of the training part. */
  findDuplicates(threshold: number): Promise<void> {
    const { client, explored, store } = this.explorer;
    this.#comparedStore = store;
    return this.duplicates.run((task) =>
      client.invoke('explore.duplicates', { ...explored, threshold, task }),
    );
  }

  /** The last projection; null where it was of other examples, as of other generated points. */
  get projected(): Projection | null {
    return this.#projectedStore === this.explorer.store ? this.projection.value : null;
  }

  /** The last duplicates found, as above. */
  get compared(): Duplicates | null {
    return this.#comparedStore === this.explorer.store ? this.duplicates.value : null;
  }

  /** Gives up what runs. */
  close(): void {
    void this.projection.cancel();
    void this.duplicates.cancel();
  }
}

function keyOf(explored: ExploredData): string {
  return JSON.stringify(explored);
}
