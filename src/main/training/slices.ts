import { setImmediate as nextTurn } from 'node:timers/promises';

/** Cuts long computations into slices, between which the process answers. */
export interface Slices {
  /** Has the present slice lasted long enough? */
  isOver(): boolean;
  /** Begins the next slice; rejects where the work is not to go on. */
  next(): Promise<void>;
}

/** Short enough for a click to be answered at once, long enough to cost nothing. */
const SLICE_MS = 20;

/** Slices of some milliseconds each. */
export class TimeSlices implements Slices {
  readonly #between: () => Promise<void>;
  #startedAtMs = performance.now();

  /** @param between is done between two slices, after the event loop has had its turn; may wait, or reject to stop */
  constructor(between: () => Promise<void> = () => Promise.resolve()) {
    this.#between = between;
  }

  isOver(): boolean {
    return performance.now() - this.#startedAtMs >= SLICE_MS;
  }

  async next(): Promise<void> {
    await nextTurn();
    await this.#between();
    this.#startedAtMs = performance.now();
  }
}
