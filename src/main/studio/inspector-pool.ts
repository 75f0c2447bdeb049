import { StudioError } from '../../shared/ipc/errors.ts';
import type { Host } from '../host/host.ts';
import type {
  InspectorCall,
  InspectorParams,
  InspectorProgress,
  InspectorResult,
} from '../inspect/inspector-contract.ts';
import { InspectorProcess } from './inspector-process.ts';

/** More would take the cores from training and from each other. */
const MOST_PROCESSES = 2;
const IDLE_MS = 60_000;

/** A call that waits for a process. */
interface WaitingCall {
  readonly topic: string;
  /** Name of a long call, by which it may be cancelled. */
  readonly task: string | null;
  run(inspector: InspectorProcess): Promise<void>;
  reject(error: StudioError): void;
}

/**
 * The inspector processes: started when asked something, at most two, ended after a minute without work. The newest
 * call goes first, because a slider that was moved on no longer shows what it asked for before.
 */
export class InspectorPool {
  readonly #host: Host;
  readonly #idleMs: number;
  readonly #mostProcesses: number;
  readonly #processes = new Set<InspectorProcess>();
  readonly #listeners = new Set<(progress: InspectorProgress) => void>();
  #waiting: WaitingCall[] = [];
  #closed = false;

  /** @param mostProcesses at the same time */
  constructor(host: Host, idleMs: number = IDLE_MS, mostProcesses: number = MOST_PROCESSES) {
    this.#host = host;
    this.#idleMs = idleMs;
    this.#mostProcesses = mostProcesses;
  }

  /** Processes alive; for tests. */
  get pids(): number[] {
    return [...this.#processes].map(({ pid }) => pid);
  }

  /** Tells of every long call how far it is, until the function it returns is called. */
  onProgress(listener: (progress: InspectorProgress) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Ends a long call by its name; its promise rejects with `cancelled`. Nothing where it has ended. */
  cancel(task: string): void {
    const cancelled = this.#waiting.filter((waiting) => waiting.task === task);
    this.#waiting = this.#waiting.filter((waiting) => waiting.task !== task);
    for (const waiting of cancelled) {
      waiting.reject(new StudioError('cancelled', `inspector: ${task} was cancelled before it began`));
    }
    for (const inspector of this.#processes) inspector.cancelTask(task);
  }

  /**
   * Asks an inspector. A process that dies meanwhile is replaced, and the call made once more.
   * @param topic what the call is about, such as a run; a process that was asked about it last is taken first
   * @throws StudioError the call's own, `process-lost` after the second death, `cancelled` when the pool closes
   */
  async call<K extends InspectorCall>(
    name: K,
    params: InspectorParams<K>,
    topic: string,
  ): Promise<InspectorResult<K>> {
    const attempt = (): Promise<InspectorResult<K>> =>
      this.#enqueue(topic, taskOf(params), (inspector) => inspector.call(name, params, topic));
    try {
      return await attempt();
    } catch (error) {
      if (this.#closed || !isLost(error)) throw error;
    }
    return attempt().catch((error: unknown) => {
      throw isLost(error) ? lostTwice(name) : error;
    });
  }

  /** Ends all processes; calls without an answer reject with `cancelled`. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(closing());
    for (const inspector of this.#processes) inspector.kill();
  }

  #enqueue<T>(
    topic: string,
    task: string | null,
    ask: (inspector: InspectorProcess) => Promise<T>,
  ): Promise<T> {
    if (this.#closed) return Promise.reject(closing());
    return new Promise<T>((resolve, reject) => {
      const run = (inspector: InspectorProcess): Promise<void> =>
        ask(inspector).then(resolve, (error: unknown) => reject(this.#closed ? closing() : asError(error)));
      this.#waiting.push({ topic, task, run, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (!this.#closed && this.#waiting.length > 0) {
      const inspector = this.#choose(this.#waiting.at(-1)!.topic);
      if (inspector === null) return;
      void this.#serve(inspector, this.#waiting.pop()!);
    }
  }

  async #serve(inspector: InspectorProcess, waiting: WaitingCall): Promise<void> {
    await waiting.run(inspector);
    if (this.#processes.has(inspector)) inspector.endAfter(this.#idleMs);
    this.#dispatch();
  }

  /** A free process, one that knows the topic before others; a new one where none is free; null where all are busy. */
  #choose(topic: string): InspectorProcess | null {
    const free = [...this.#processes].filter(({ isFree }) => isFree);
    const chosen = free.find(({ lastTopic }) => lastTopic === topic) ?? free[0];
    if (chosen !== undefined) return chosen;
    return this.#processes.size < this.#mostProcesses ? this.#start() : null;
  }

  #start(): InspectorProcess {
    const onEnd = (): void => {
      this.#processes.delete(inspector);
      this.#dispatch();
    };
    const inspector: InspectorProcess = new InspectorProcess(this.#host, onEnd, (progress) => {
      for (const listener of this.#listeners) listener(progress);
    });
    this.#processes.add(inspector);
    return inspector;
  }
}

function taskOf(params: unknown): string | null {
  if (typeof params !== 'object' || params === null || !('task' in params)) return null;
  return typeof params.task === 'string' ? params.task : null;
}

function isLost(error: unknown): boolean {
  return error instanceof StudioError && error.code === 'process-lost';
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function lostTwice(name: InspectorCall): StudioError {
  return new StudioError(
    'process-lost',
    `inspector: its process ended twice while it computed ${name}; close other programs if memory is short, and try again`,
    { call: name },
  );
}

function closing(): StudioError {
  return new StudioError('cancelled', 'inspector: the studio is closing; ask again when it runs');
}
