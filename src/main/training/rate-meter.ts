/** A window long enough to hold several calls, short enough to follow the machine. */
const WINDOW_MS = 1_000;

/** Examples per second over the last second or so of training. */
export class RateMeter {
  readonly #now: () => number;
  #windowStartMs: number;
  #windowExamples = 0;
  #rate = 0;

  /** @param now a monotonic clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#windowStartMs = now();
  }

  /** Leaves out what went by since the last call: a pause, an evaluation, a save. */
  restart(): void {
    this.#windowStartMs = this.#now();
    this.#windowExamples = 0;
  }

  add(examples: number): void {
    this.#windowExamples += examples;
    const elapsedMs = this.#now() - this.#windowStartMs;
    if (elapsedMs <= 0) return;
    if (elapsedMs >= WINDOW_MS || this.#rate === 0) this.#rate = (1_000 * this.#windowExamples) / elapsedMs;
    if (elapsedMs >= WINDOW_MS) this.restart();
  }

  /** 0 until something was measured. */
  get examplesPerSecond(): number {
    return this.#rate;
  }
}
