/** Tells how far a long computation is: `done` of `total` in a unit such as "test examples". */
export type OnProgress = (done: number, total: number, unit: string) => void;

/** Longest stretch of work between two turns of the event loop. */
const TURN_MS = 50;

/**
 * The rhythm of a long loop: now and then it tells how far it is and lets the event loop have a turn, so that messages
 * come and go.
 */
export class Pacer {
  readonly #onProgress: OnProgress;
  #turnAt = performance.now() + TURN_MS;

  constructor(onProgress: OnProgress) {
    this.#onProgress = onProgress;
  }

  /** Whether it is time for {@link turn}. */
  get isDue(): boolean {
    return performance.now() >= this.#turnAt;
  }

  /** Tells the progress and waits for the event loop's next turn. */
  async turn(done: number, total: number, unit: string): Promise<void> {
    this.#onProgress(done, total, unit);
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnAt = performance.now() + TURN_MS;
  }
}
