import type { Transport } from '../../shared/ipc/derive.ts';
import type { Reply } from '../../shared/ipc/message.ts';
import { connectOverPort, processLost, type PortTransport } from '../../shared/ipc/port.ts';
import type { Host, HostedProcess } from './host.ts';
import { portOf } from './process-port.ts';

/** How the studio process is; `lost` means that it is not started again. */
export type StudioState = 'starting' | 'ready' | 'restarting' | 'lost' | 'stopped';

export interface SuperviseOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Unexpected ends in a row, none of them after `stableMs` of life, before it is given up. */
  readonly maxQuickEnds?: number;
  /** Wait before the first restart; doubles with every quick end. */
  readonly backoffMs?: number;
  readonly stableMs?: number;
  readonly onState?: (state: StudioState) => void;
}

/** A studio process that is started again when it dies, behind a transport that stays the same. */
export interface SupervisedStudio extends Transport {
  invoke(name: string, params: unknown): Promise<Reply>;
  /** Every event by name, of every process there will be. */
  subscribeAll(listener: (name: string, payload: unknown) => void): () => void;
  /** The process that runs now, or null between two. */
  readonly pid: number | null;
  /** Asks it to end and waits; after `timeoutMs` it is killed. */
  stop(timeoutMs?: number): Promise<void>;
}

const longestBackoffMs = 5_000;

/**
 * Starts the studio process and keeps one running. Calls without an answer when it dies resolve to a
 * `process-lost` error; calls made before the next one runs wait for it.
 */
export function superviseStudio(host: Host, options: SuperviseOptions = {}): SupervisedStudio {
  return new Supervisor(host, options);
}

interface Running {
  readonly process: HostedProcess;
  readonly transport: PortTransport;
  readonly startedAt: number;
}

class Supervisor implements SupervisedStudio {
  readonly #host: Host;
  readonly #options: Required<SuperviseOptions>;
  readonly #listeners = new Set<(name: string, payload: unknown) => void>();
  /** Calls that wait for the next process. */
  #waiting: (() => void)[] = [];
  #running: Running | null = null;
  #state: StudioState = 'starting';
  #quickEnds = 0;
  #restartTimer: NodeJS.Timeout | null = null;

  constructor(host: Host, options: SuperviseOptions) {
    this.#host = host;
    this.#options = {
      environment: {},
      maxQuickEnds: 5,
      backoffMs: 200,
      stableMs: 10_000,
      onState: () => undefined,
      ...options,
    };
    this.#start();
  }

  get pid(): number | null {
    return this.#running?.process.pid ?? null;
  }

  async invoke(name: string, params: unknown): Promise<Reply> {
    if (this.#state === 'restarting') await new Promise<void>((resume) => this.#waiting.push(resume));
    if (this.#state === 'lost') return processLost('it ended right after each start, its messages say why');
    if (!this.#running) return processLost('it was stopped');
    return (await this.#running.transport.invoke(name, params)) as Reply;
  }

  subscribe(name: string, listener: (payload: unknown) => void): () => void {
    return this.subscribeAll((event, payload) => {
      if (event === name) listener(payload);
    });
  }

  subscribeAll(listener: (name: string, payload: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(timeoutMs = 10_000): Promise<void> {
    this.#setState('stopped');
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#releaseWaiting();
    const running = this.#running;
    if (!running) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => running.process.kill(), timeoutMs);
      running.process.onExit(() => {
        clearTimeout(timer);
        resolve();
      });
      running.process.end();
    });
  }

  #start(): void {
    const process = this.#host.launch('studio', { environment: this.#options.environment });
    const transport = connectOverPort(portOf(process));
    this.#running = { process, transport, startedAt: Date.now() };
    transport.subscribeAll((name, payload) => this.#emit(name, payload));
    transport.onReady(() => this.#onReady());
    process.onExit(() => this.#onExit());
    this.#releaseWaiting();
  }

  #onReady(): void {
    if (this.#state === 'stopped') return;
    this.#setState('ready');
    // What the windows show may be from before the crash; they read their lists again.
    if (this.#quickEnds > 0) this.#emit('runs.invalidated', {});
  }

  #emit(name: string, payload: unknown): void {
    for (const listener of this.#listeners) listener(name, payload);
  }

  #onExit(): void {
    const livedMs = Date.now() - (this.#running?.startedAt ?? 0);
    this.#running = null;
    if (this.#state === 'stopped') return;
    this.#quickEnds = livedMs >= this.#options.stableMs ? 1 : this.#quickEnds + 1;
    if (this.#quickEnds >= this.#options.maxQuickEnds) {
      this.#setState('lost');
      this.#releaseWaiting();
      return;
    }
    this.#setState('restarting');
    const waitMs = Math.min(longestBackoffMs, this.#options.backoffMs * 2 ** (this.#quickEnds - 1));
    this.#restartTimer = setTimeout(() => {
      this.#setState('starting');
      this.#start();
    }, waitMs);
  }

  #setState(state: StudioState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #releaseWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
