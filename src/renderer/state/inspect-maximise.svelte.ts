import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { TaskProgress } from '../../shared/schema/explore.ts';
import type { Maximisation, MaximisationOptions, NetRef } from '../../shared/schema/inspection.ts';
import { asError } from './run-results-loader.svelte.ts';

/** An input that was made to excite a unit, and the epoch whose net it was made for. */
export interface MadeInput {
  readonly epoch: number;
  readonly maximisation: Maximisation;
}

/** Inputs made for units' sake: one is made at a time, on the user's word, and kept with the net it was made for. */
export class MaximiseState {
  made = $state.raw<MadeInput | null>(null);
  running = $state(false);
  progress = $state.raw<TaskProgress | null>(null);
  error = $state.raw<Error | null>(null);

  readonly #client: StudioClient;
  #task: string | null = null;
  #counter = 0;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Hears of its task's progress, until the returned function is called, which also ends what runs. */
  start(): () => void {
    const stop = this.#client.subscribe('task.progress', (progress) => {
      if (progress.task === this.#task) this.progress = progress;
    });
    return () => {
      stop();
      this.cancel();
    };
  }

  /**
   * Makes an input for a unit.
   * @param epoch as the slider numbers it
   */
  async run(
    net: NetRef,
    epoch: number,
    layer: string,
    unit: number,
    options: MaximisationOptions,
  ): Promise<void> {
    if (this.running) return;
    const task = `maximise ${net.runId} ${Date.now()} ${++this.#counter}`;
    this.#task = task;
    this.running = true;
    this.progress = null;
    this.error = null;
    try {
      const maximisation = await this.#client.invoke('inspect.maximise', { net, layer, unit, options, task });
      if (this.#task === task) this.made = { epoch, maximisation };
    } catch (thrown) {
      // A task the user ended fails too; that is no error.
      if (this.#task === task) this.error = asError(thrown);
    } finally {
      if (this.#task === task) this.running = false;
    }
  }

  /** Ends what runs; what was made before stays. */
  cancel(): void {
    const task = this.#task;
    if (task === null || !this.running) return;
    this.#task = null;
    this.running = false;
    void this.#client.invoke('tasks.cancel', { task }).catch(() => undefined);
  }
}
