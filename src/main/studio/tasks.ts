import type { StudioHandlers } from '../../shared/ipc/contract.ts';

/** How a long call is ended before its time; its promise then rejects with `cancelled`. */
export type CancelTask = () => void;

/** Long calls on their way, by the names that their callers chose; several may bear one name. */
export class TaskRegistry {
  readonly #running = new Map<string, Set<CancelTask>>();

  /**
   * Does the work; while it goes on, `tasks.cancel` with that name calls `cancel`.
   * @param task null for work that nobody can cancel
   */
  async run<T>(task: string | null, cancel: CancelTask, work: () => Promise<T>): Promise<T> {
    if (task === null) return work();
    const named = this.#running.get(task) ?? new Set();
    this.#running.set(task, named.add(cancel));
    try {
      return await work();
    } finally {
      named.delete(cancel);
      if (named.size === 0) this.#running.delete(task);
    }
  }

  /** Cancels what bears the name; nothing where it has ended already. */
  cancel(task: string): void {
    for (const cancel of [...(this.#running.get(task) ?? [])]) cancel();
  }
}

/** The handler of `tasks.cancel`. */
export function createTaskCalls(tasks: TaskRegistry): Pick<StudioHandlers, 'tasks.cancel'> {
  return {
    'tasks.cancel': ({ task }) => {
      tasks.cancel(task);
      return {};
    },
  };
}
