import { StudioError } from '../../shared/ipc/errors.ts';
import type { Publish } from './surroundings.ts';
import { createThrottle } from './throttle.ts';

/** Shortest time between two events of one task. */
const REPORT_MS = 200;

/** What a long task gets to work with. */
export interface TaskHandle {
  /** Aborted when the user cancels; the task then rejects with `cancelled`. */
  readonly signal: AbortSignal;
  /** Tells the doors how far it is; may be called as often as one likes. */
  readonly progress: (done: number, total: number, unit: string) => void;
}

/** Time left from what one unit of work took so far; a new unit, or fewer done, begins anew. */
class TimeLeft {
  readonly #now: () => number;
  #unit = '';
  #startedAt = 0;
  #startDone = 0;
  #lastDone = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds; null while nothing can be said. */
  update(done: number, total: number, unit: string): number | null {
    if (unit !== this.#unit || done < this.#lastDone) {
      this.#unit = unit;
      this.#startedAt = this.#now();
      this.#startDone = done;
    }
    this.#lastDone = done;
    const seconds = (this.#now() - this.#startedAt) / 1_000;
    const advanced = done - this.#startDone;
    return advanced > 0 && seconds > 0 ? (Math.max(0, total - done) * seconds) / advanced : null;
  }
}

function cancelled(task: string): StudioError {
  return new StudioError(
    'cancelled',
    `tasks: ${task} was cancelled; start it again when you want its result`,
    { task },
  );
}

/**
 * The long tasks under way, by the names their callers chose: tells their progress and cancels them. Several may bear one
 * name; cancelling it cancels all of them.
 */
export class TaskBoard {
  readonly #publish: Publish;
  readonly #now: () => number;
  readonly #running = new Map<AbortController, string>();

  /** @param now a clock in milliseconds */
  constructor(publish: Publish, now: () => number = () => performance.now()) {
    this.#publish = publish;
    this.#now = now;
  }

  /**
   * Runs work under a name until it ends or is cancelled.
   * @throws StudioError `cancelled`; else what the work throws
   */
  async run<T>(task: string, work: (handle: TaskHandle) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const report = this.#openReport(task);
    this.#running.set(controller, task);
    try {
      return await work({ signal: controller.signal, progress: report.push });
    } catch (error) {
      throw controller.signal.aborted ? cancelled(task) : error;
    } finally {
      report.end();
      this.#running.delete(controller);
    }
  }

  /** Cancels a task; nothing happens where none of that name is under way, as it may just have ended. */
  cancel(task: string): void {
    for (const [controller, name] of this.#running) if (name === task) controller.abort();
  }

  /** Cancels all, because the studio ends. */
  cancelAll(): void {
    for (const controller of this.#running.keys()) controller.abort();
  }

  #openReport(task: string): { readonly push: TaskHandle['progress']; end(): void } {
    const left = new TimeLeft(this.#now);
    const throttle = createThrottle<readonly [number, number, string]>(REPORT_MS, ([done, total, unit]) => {
      const secondsLeft = left.update(done, total, unit);
      this.#publish('task.progress', { task, done, total, unit, secondsLeft });
    });
    return { push: (...report) => throttle.push(report), end: () => throttle.cancel() };
  }
}
