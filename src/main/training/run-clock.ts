/**
 * Time spent training, without pauses, in milliseconds. Continues from what a resumed run had used, and stands still
 * until `resume`.
 */
export class RunClock {
  readonly #now: () => number;
  #usedMs: number;
  #epochUsedMs: number;
  #startedAtMs: number | null = null;

  /** @param now a monotonic clock in milliseconds */
  constructor(usedMs: number, epochUsedMs: number, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#usedMs = usedMs;
    this.#epochUsedMs = epochUsedMs;
  }

  #settle(): void {
    if (this.#startedAtMs === null) return;
    const now = this.#now();
    this.#usedMs += now - this.#startedAtMs;
    this.#epochUsedMs += now - this.#startedAtMs;
    this.#startedAtMs = now;
  }

  /** Of the whole run. */
  get durationMs(): number {
    this.#settle();
    return this.#usedMs;
  }

  /** Of the running epoch. */
  get epochMs(): number {
    this.#settle();
    return this.#epochUsedMs;
  }

  startEpoch(): void {
    this.#settle();
    this.#epochUsedMs = 0;
  }

  pause(): void {
    this.#settle();
    this.#startedAtMs = null;
  }

  resume(): void {
    this.#startedAtMs ??= this.#now();
  }
}
