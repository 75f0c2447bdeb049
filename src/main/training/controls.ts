/** What the user last asked of the run. */
export type ControlRequest = 'run' | 'pause' | 'cancel';

/** Requests that the loop obeys between two calls of the program. */
export class TrainingControls {
  #request: ControlRequest = 'run';
  #wake: (() => void) | null = null;

  get request(): ControlRequest {
    return this.#request;
  }

  /** Cancelling is final; later requests are ignored. */
  ask(request: ControlRequest): void {
    if (this.#request === 'cancel') return;
    this.#request = request;
    if (request !== 'pause') this.#wake?.();
  }

  /** Resolves once a pause is over, by going on or by cancelling. */
  async untilResumed(): Promise<void> {
    if (this.#request !== 'pause') return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = null;
  }
}
