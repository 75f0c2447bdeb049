import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { FoldResult } from '../../shared/schema/study.ts';
import { asError } from './run-results-loader.svelte.ts';

/** Of a trial as it was when it was read. */
interface ReadTrial {
  readonly netsDone: number;
  readonly folds: readonly FoldResult[];
}

/** The nets of trials that are looked at, read once and again when more of a trial's nets have ended. */
export class TrialFolds {
  #read = $state.raw<ReadonlyMap<number, ReadTrial>>(new Map());
  error = $state.raw<Error | null>(null);
  readonly #client: StudioClient;
  readonly #studyId: string;
  readonly #asked = new Map<number, number>();

  constructor(client: StudioClient, studyId: string) {
    this.#client = client;
    this.#studyId = studyId;
  }

  /** A trial's nets; null while they have not been read. */
  of(trial: number): readonly FoldResult[] | null {
    return this.#read.get(trial)?.folds ?? null;
  }

  /** Reads the trials whose nets are not known as they are now. */
  async ask(trials: readonly { readonly number: number; readonly netsDone: number }[]): Promise<void> {
    const wanted = trials.filter(({ number, netsDone }) => this.#asked.get(number) !== netsDone);
    for (const { number, netsDone } of wanted) this.#asked.set(number, netsDone);
    await Promise.all(wanted.map((trial) => this.#readOne(trial)));
  }

  async #readOne({ number, netsDone }: { number: number; netsDone: number }): Promise<void> {
    try {
      const folds = await this.#client.invoke('studies.folds', { studyId: this.#studyId, trial: number });
      if (this.#asked.get(number) !== netsDone) return;
      this.#read = new Map(this.#read).set(number, { netsDone, folds });
      this.error = null;
    } catch (error) {
      this.#asked.delete(number);
      this.error = asError(error);
    }
  }
}
