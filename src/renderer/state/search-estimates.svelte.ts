import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { SearchEstimate } from '../../shared/schema/study.ts';
import { asError } from './run-results-loader.svelte.ts';

/** What was told of a search, or why it could not be. */
export type Estimated =
  | { readonly estimate: SearchEstimate; readonly error: null }
  | { readonly estimate: null; readonly error: Error };

/** What searches come to, asked once per experiment and kept. */
export class SearchEstimates {
  #known = $state.raw<ReadonlyMap<string, Estimated>>(new Map());
  readonly #client: StudioClient;
  readonly #asked = new Map<string, Experiment>();

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** What is known of an experiment's search; null while it has not been told. */
  of(key: string): Estimated | null {
    return this.#known.get(key) ?? null;
  }

  /** Asks where the experiment under the key is another than before. What was known stays until the answer comes. */
  async ask(key: string, experiment: Experiment): Promise<void> {
    if (this.#asked.get(key) === experiment) return;
    this.#asked.set(key, experiment);
    const told = await this.#estimate(experiment);
    if (this.#asked.get(key) === experiment) this.#known = new Map(this.#known).set(key, told);
  }

  async #estimate(experiment: Experiment): Promise<Estimated> {
    try {
      return { estimate: await this.#client.invoke('studies.estimate', { experiment }), error: null };
    } catch (error) {
      return { estimate: null, error: asError(error) };
    }
  }
}
