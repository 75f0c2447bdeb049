import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
import type { BatchPreview } from '../../shared/schema/results.ts';

/** Longer than a pause between two keys: reading a dataset takes time from what trains. */
const WAIT_MS = 500;
const EXAMPLES = 16;

/** The first batch as training would feed it, read again a moment after the experiment's last change. */
export class BatchPreviewer {
  preview = $state.raw<BatchPreview | null>(null);
  waiting = $state(false);
  error = $state.raw<Error | null>(null);
  seed = $state(1);
  readonly #client: StudioClient;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Asks for the batch of an experiment, at once or after a pause. */
  ask(experiment: Experiment, atOnce = false): void {
    clearTimeout(this.#timer);
    this.waiting = true;
    this.#timer = setTimeout(() => void this.#read(experiment), atOnce ? 0 : WAIT_MS);
  }

  /** The batch that another seed draws. */
  another(experiment: Experiment): void {
    this.seed++;
    this.ask(experiment, true);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked++;
  }

  async #read(experiment: Experiment): Promise<void> {
    const asked = ++this.#asked;
    try {
      const params = { experiment, seed: this.seed, examples: EXAMPLES };
      const preview = await this.#client.invoke('experiments.previewBatch', params);
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.error = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = error instanceof Error ? error : new Error(String(error));
    }
    this.waiting = false;
  }
}

/** Tensor values between the batch's smallest and largest as bytes, for a picture. */
export function toBytes({ values, minimum, maximum }: BatchPreview): Uint8Array<ArrayBuffer> {
  const scale = maximum > minimum ? 255 / (maximum - minimum) : 0;
  return Uint8Array.from(values, (value) => Math.round((value - minimum) * scale));
}
