import { StudioError } from '../../shared/ipc/errors.ts';
import type { ExplorerCall, ExplorerParams, ExplorerResult } from '../data/explore/explorer-contract.ts';
import type { OnProgress } from '../data/explore/progress.ts';
import type { Host } from '../host/host.ts';
import { ExplorerProcess } from './explorer-process.ts';

/** Two, so that a long search does not keep the statistics waiting; more would take the cores from training. */
const MOST_PROCESSES = 2;
const IDLE_MS = 60_000;

/** How a call is followed and ended. */
export interface ExplorerWatch {
  readonly onProgress: OnProgress;
  /** Aborting it ends the process, or takes the call out of the queue. */
  readonly signal: AbortSignal;
}

function cancelled(): StudioError {
  return new StudioError('cancelled', 'explore: it was cancelled; ask again when you want the answer');
}

function lost(name: ExplorerCall, cause: StudioError): StudioError {
  return new StudioError(
    'process-lost',
    `explore: the process that computed the ${name} ended unexpectedly, perhaps for lack of memory; try with fewer examples`,
    { call: name },
    { cause },
  );
}

/**
 * The explorer processes: started when asked something, at most two, ended after a minute without work. Calls wait their
 * turn in the order they came.
 */
export class ExplorerPool {
  readonly #host: Host;
  readonly #idleMs: number;
  readonly #processes = new Set<ExplorerProcess>();
  readonly #busy = new Set<ExplorerProcess>();
  /** Those at work that hold a dataset which is there no more. */
  readonly #stale = new Set<ExplorerProcess>();
  readonly #waiting: (() => void)[] = [];

  constructor(host: Host, idleMs: number = IDLE_MS) {
    this.#host = host;
    this.#idleMs = idleMs;
  }

  /** @throws StudioError the call's own; `cancelled`; `process-lost` */
  async call<K extends ExplorerCall>(
    name: K,
    params: ExplorerParams<K>,
    { onProgress, signal }: ExplorerWatch,
  ): Promise<ExplorerResult<K>> {
    const explorer = await this.#take(signal);
    const kill = (): void => explorer.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      return await explorer.call(name, params, onProgress);
    } catch (error) {
      if (signal.aborted) throw cancelled();
      throw error instanceof StudioError && error.code === 'process-lost' ? lost(name, error) : error;
    } finally {
      signal.removeEventListener('abort', kill);
      this.#release(explorer);
    }
  }

  /** No later call is answered from datasets that are in memory now. Calls under way end as they would. */
  forgetDatasets(): void {
    for (const explorer of this.#processes) {
      if (this.#busy.has(explorer)) this.#stale.add(explorer);
      else explorer.kill();
    }
  }

  /** Ends all processes and what they compute. */
  close(): void {
    for (const explorer of this.#processes) explorer.kill();
  }

  async #take(signal: AbortSignal): Promise<ExplorerProcess> {
    while (this.#busy.size >= MOST_PROCESSES) await this.#turn(signal);
    if (signal.aborted) throw cancelled();
    const explorer =
      [...this.#processes].find((one) => !this.#busy.has(one) && !one.isEnding) ?? this.#start();
    this.#busy.add(explorer);
    return explorer;
  }

  /** Resolves when a process has become free. */
  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(cancelled());
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(begin);
    });
  }

  #release(explorer: ExplorerProcess): void {
    this.#busy.delete(explorer);
    if (this.#stale.delete(explorer)) explorer.kill();
    else if (this.#processes.has(explorer)) explorer.endAfter(this.#idleMs);
    this.#waiting.shift()?.();
  }

  #start(): ExplorerProcess {
    const explorer: ExplorerProcess = new ExplorerProcess(this.#host, () => this.#processes.delete(explorer));
    this.#processes.add(explorer);
    return explorer;
  }
}
