import type { LayerHistograms } from '../../shared/schema/results.ts';
import type { EpochQuestion } from './epoch-answers.ts';
import type { EpochStop } from './run-results-epochs.ts';
import { asError } from './run-results-loader.svelte.ts';

/** More epochs than this are thinned evenly; the last is always there. */
const MOST_EPOCHS = 60;

/** What is read of each epoch, and how. */
export interface HistorySource {
  readonly stops: readonly EpochStop[];
  readonly histogramQuestion: EpochQuestion<LayerHistograms[]>;
  answerOf<T>(question: EpochQuestion<T>, epoch: number): Promise<T>;
}

/** The epochs a figure of all of them shows. */
export function historyEpochs(stops: readonly EpochStop[]): number[] {
  const stride = Math.ceil(stops.length / MOST_EPOCHS);
  return stops.filter((_, index) => (stops.length - 1 - index) % stride === 0).map((stop) => stop.epoch);
}

/** Histograms of all stored epochs, read one epoch after the other and shown as they come. */
export class HistogramHistory {
  entries = $state.raw<readonly { readonly epoch: number; readonly layers: LayerHistograms[] }[]>([]);
  /** Epochs to be read in all. */
  total = $state(0);
  error = $state.raw<Error | null>(null);
  #turn = 0;

  get reading(): boolean {
    return this.error === null && this.entries.length < this.total;
  }

  /** Reads all epochs; a later call takes the place of an earlier one. */
  async read(source: HistorySource): Promise<void> {
    const turn = ++this.#turn;
    const epochs = historyEpochs(source.stops);
    const question = source.histogramQuestion;
    this.total = epochs.length;
    this.entries = [];
    this.error = null;
    for (const epoch of epochs) {
      try {
        const layers = await source.answerOf(question, epoch);
        if (turn !== this.#turn) return;
        this.entries = [...this.entries, { epoch, layers }];
      } catch (thrown) {
        if (turn === this.#turn) this.error = asError(thrown);
        return;
      }
    }
  }

  /** Reads no more. */
  stop(): void {
    this.#turn++;
  }
}
