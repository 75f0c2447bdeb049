import { createClient } from '../../shared/ipc/client.ts';
import type { Client } from '../../shared/ipc/derive.ts';
import { connectOverPort } from '../../shared/ipc/port.ts';
import {
  explorerContract,
  type ExplorerCall,
  type ExplorerContract,
  type ExplorerParams,
  type ExplorerResult,
} from '../data/explore/explorer-contract.ts';
import type { OnProgress } from '../data/explore/progress.ts';
import type { Host, HostedProcess } from '../host/host.ts';
import { portOf } from '../host/process-port.ts';

/** One explorer process; it answers one call at a time and keeps the dataset for the next. */
export class ExplorerProcess {
  readonly #process: HostedProcess;
  readonly #client: Client<ExplorerContract>;
  #onProgress: OnProgress | null = null;
  #idle: NodeJS.Timeout | null = null;
  #isEnding = false;

  /** @param onExit called once it is gone, for whatever reason */
  constructor(host: Host, onExit: () => void) {
    this.#process = host.launch('explorer', {});
    this.#client = createClient(explorerContract, connectOverPort(portOf(this.#process)));
    this.#client.subscribe('progress', ({ done, total, unit }) => this.#onProgress?.(done, total, unit));
    this.#process.onExit(() => {
      this.#stopWaiting();
      onExit();
    });
  }

  /** Has it been ended? It takes a moment until it is gone, and answers nothing then. */
  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** Rejects with the call's own error, or with `process-lost` where the process ended before it answered. */
  async call<K extends ExplorerCall>(
    name: K,
    params: ExplorerParams<K>,
    onProgress: OnProgress,
  ): Promise<ExplorerResult<K>> {
    this.#stopWaiting();
    this.#onProgress = onProgress;
    try {
      return await this.#client.invoke(name, params);
    } finally {
      this.#onProgress = null;
    }
  }

  /** Ends it unless a call comes before. */
  endAfter(idleMs: number): void {
    this.#stopWaiting();
    this.#idle = setTimeout(() => this.kill(), idleMs).unref();
  }

  /** Ends it at once, with whatever it computes: it has nothing to save. */
  kill(): void {
    this.#isEnding = true;
    this.#process.kill();
  }

  #stopWaiting(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
  }
}
