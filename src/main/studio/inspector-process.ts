import { createClient } from '../../shared/ipc/client.ts';
import type { Client } from '../../shared/ipc/derive.ts';
import { connectOverPort } from '../../shared/ipc/port.ts';
import type { Host, HostedProcess } from '../host/host.ts';
import { portOf } from '../host/process-port.ts';
import {
  inspectorContract,
  type InspectorCall,
  type InspectorContract,
  type InspectorParams,
  type InspectorProgress,
  type InspectorResult,
} from '../inspect/inspector-contract.ts';

/** One inspector process; calls are answered one after another. */
export class InspectorProcess {
  readonly #process: HostedProcess;
  readonly #client: Client<InspectorContract>;
  #idleTimer: NodeJS.Timeout | null = null;
  /** What its last call was about; it may still hold that. */
  lastTopic = '';
  #isBusy = false;
  #isEnding = false;

  /** @param onProgress told how far a long call is */
  constructor(host: Host, onEnd: () => void, onProgress: (progress: InspectorProgress) => void) {
    this.#process = host.launch('inspector', {});
    this.#client = createClient(inspectorContract, connectOverPort(portOf(this.#process)));
    this.#client.subscribe('progress', onProgress);
    this.#process.onExit(() => {
      this.#stopWaiting();
      onEnd();
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Can it take a call? */
  get isFree(): boolean {
    return !this.#isBusy && !this.#isEnding;
  }

  /** Rejects with the call's own error, or with `process-lost` where the process ended before it answered. */
  async call<K extends InspectorCall>(
    name: K,
    params: InspectorParams<K>,
    topic: string,
  ): Promise<InspectorResult<K>> {
    this.#stopWaiting();
    this.#isBusy = true;
    this.lastTopic = topic;
    try {
      return await this.#client.invoke(name, params);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Ends the long call of that name, if it is at it; the call itself rejects with `cancelled`. */
  cancelTask(task: string): void {
    // A process that has just ended has nothing left to cancel.
    this.#client.invoke('cancel', { task }).catch(() => undefined);
  }

  /** Ends it unless a call comes before. */
  endAfter(idleMs: number): void {
    this.#stopWaiting();
    this.#idleTimer = setTimeout(() => {
      this.#isEnding = true;
      this.#process.end();
    }, idleMs);
    this.#idleTimer.unref();
  }

  /** Ends it at once, with whatever it computes. */
  kill(): void {
    this.#process.kill();
  }

  #stopWaiting(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }
}
