/**
 * One piece of writing that goes on while the engine computes. A failure is kept until it can be thrown where the run
 * can stop for it.
 */
export class BackgroundWrite {
  #running: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  /** Starts `work` after whatever still runs. */
  start(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).catch((error: unknown) => {
      this.#failure ??= { error };
    });
  }

  /** @throws what a finished piece of writing failed with */
  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }

  /** Waits until nothing is being written; failures stay for the next look. */
  async drain(): Promise<void> {
    await this.#running;
  }

  /** Waits until everything is written. @throws what it failed with */
  async settle(): Promise<void> {
    await this.drain();
    this.throwIfFailed();
  }
}
