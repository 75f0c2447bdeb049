import type { LongWork } from '../inspect/maximise.ts';

/** Shortest time between two messages about one task. */
const REPORT_MS = 100;

/** How far a long call is. */
export interface LongProgress {
  readonly task: string;
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

/** Long computations on their way, by the names that their callers chose. */
export class WatchedTasks {
  readonly #publish: (progress: LongProgress) => void;
  readonly #running = new Map<string, { isCancelled: boolean }>();

  /** @param publish told how far a named computation is, at most ten times a second and at its end */
  constructor(publish: (progress: LongProgress) => void) {
    this.#publish = publish;
  }

  /** Does the work. @param task null for work that nobody watches or cancels */
  async run<T>(task: string | null, unit: string, work: (long: LongWork) => Promise<T>): Promise<T> {
    if (task === null) return work({ onProgress: () => undefined, isCancelled: () => false });
    const state = { isCancelled: false };
    this.#running.set(task, state);
    try {
      return await work({ onProgress: this.#reporter(task, unit), isCancelled: () => state.isCancelled });
    } finally {
      if (this.#running.get(task) === state) this.#running.delete(task);
    }
  }

  /** Has the work of that name end between two steps; nothing where it has ended already. */
  cancel(task: string): void {
    const state = this.#running.get(task);
    if (state !== undefined) state.isCancelled = true;
  }

  #reporter(task: string, unit: string): LongWork['onProgress'] {
    let reportedAt = -Infinity;
    return (done, total) => {
      const now = performance.now();
      if (now - reportedAt < REPORT_MS && done < total) return;
      reportedAt = now;
      this.#publish({ task, done, total, unit });
    };
  }
}
