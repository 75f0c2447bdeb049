import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { RunSummary } from '../../shared/schema/run.ts';
import { Latest } from './run-results-loader.svelte.ts';

/** So many are listed at once; typing finds the others. */
const MOST_LISTED = 100;
const PAUSE_MS = 120;

/** Runs found in the history. */
export interface FoundRuns {
  readonly runs: readonly RunSummary[];
  readonly total: number;
}

/** Chooses runs to compare: by searching the history, or all of an experiment. */
export class RunPicker {
  text = $state('');
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  readonly found = new Latest<FoundRuns>();
  readonly #client: StudioClient;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: StudioClient, chosen: Iterable<string> = []) {
    this.#client = client;
    this.chosen = new Set(chosen);
  }

  /** Lists the runs that the text finds, the newest first. */
  search(): void {
    const text = this.text.trim();
    this.found.ask(text, () => this.#client.invoke('runs.list', { text, limit: MOST_LISTED }));
  }

  /** Searches once typing pauses. */
  type(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.search(), PAUSE_MS);
  }

  toggle(runId: string): void {
    const next = new Set(this.chosen);
    if (!next.delete(runId)) next.add(runId);
    this.chosen = next;
  }

  /** Chooses every run that is listed, besides those chosen. */
  chooseListed(): void {
    this.chosen = new Set([...this.chosen, ...(this.found.value?.runs.map(({ id }) => id) ?? [])]);
  }

  /** The finished runs of an experiment. Rejects as the call does. */
  async ofExperiment(id: string): Promise<string[]> {
    const variants = await this.#client.invoke('experiments.results', { id });
    return variants.flatMap(({ runIds }) => runIds);
  }
}
