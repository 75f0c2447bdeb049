import type { StudioClient } from '../../shared/ipc/contract.ts';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { TaskProgress } from '../../shared/schema/explore.ts';
import { asError } from './run-results-loader.svelte.ts';

let made = 0;

/** A name for a task that no other window has chosen. */
function taskName(kind: string): string {
  return `${kind}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}-${++made}`;
}

/** Work of the studio that takes long: its progress, its result, and a way to give it up. */
export class LongTask<T> {
  value = $state.raw<T | null>(null);
  running = $state(false);
  cancelled = $state(false);
  progress = $state.raw<TaskProgress | null>(null);
  /** Done per second since it began. */
  rate = $state.raw<number | null>(null);
  error = $state.raw<Error | null>(null);
  readonly #client: StudioClient;
  readonly #kind: string;
  #task: string | null = null;

  constructor(client: StudioClient, kind: string) {
    this.#client = client;
    this.#kind = kind;
  }

  /** Begins anew; what ran before is given up. `begin` passes the task's name on to the call. */
  async run(begin: (task: string) => Promise<T>): Promise<void> {
    await this.cancel();
    const task = taskName(this.#kind);
    this.#begin(task);
    const startedAt = performance.now();
    const stop = this.#client.subscribe('task.progress', (progress) => {
      if (progress.task !== task || this.#task !== task) return;
      this.progress = progress;
      const seconds = (performance.now() - startedAt) / 1_000;
      this.rate = seconds > 0 ? progress.done / seconds : null;
    });
    try {
      const value = await begin(task);
      if (this.#task === task) this.value = value;
    } catch (thrown) {
      if (this.#task === task) this.#fail(thrown);
    } finally {
      stop();
      if (this.#task === task) this.#end();
    }
  }

  /** Gives up what runs. What was found before stays. */
  async cancel(): Promise<void> {
    const task = this.#task;
    if (task === null) return;
    this.#end();
    this.cancelled = true;
    // It may have ended by itself meanwhile.
    await this.#client.invoke('tasks.cancel', { task }).catch(() => undefined);
  }

  #begin(task: string): void {
    this.#task = task;
    this.running = true;
    this.cancelled = false;
    this.progress = null;
    this.rate = null;
    this.error = null;
  }

  #end(): void {
    this.#task = null;
    this.running = false;
  }

  #fail(thrown: unknown): void {
    if (thrown instanceof StudioError && thrown.code === 'cancelled') this.cancelled = true;
    else this.error = asError(thrown);
  }
}
