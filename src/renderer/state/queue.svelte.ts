import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { RunProgress, RunState, RunSummary } from '../../shared/schema/run.ts';

const ALIVE: readonly RunState[] = ['running', 'paused', 'queued'];

/** Positions are shown at most twice a second: every screen shows them, and drawing takes time from training. */
const SHOW_MS = 500;

/** A run that trains, waits or is paused, with its last position. */
export interface QueueItem {
  readonly run: RunSummary;
  readonly progress: RunProgress | null;
}

function isAlive(state: RunState): boolean {
  return ALIVE.includes(state);
}

/** What trains now, over all windows. */
export class Queue {
  items = $state.raw<readonly QueueItem[]>([]);
  readonly #client: StudioClient;
  readonly #positions = new Map<string, RunProgress>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** The run that trains, else the first that waits or is paused. */
  get head(): QueueItem | null {
    return this.items.find(({ run }) => run.state === 'running') ?? this.items[0] ?? null;
  }

  start(): () => void {
    const stops = [
      this.#client.subscribe('run.changed', (run) => this.#place(run)),
      this.#client.subscribe('run.progress', (progress) => this.#advance(progress)),
      this.#client.subscribe('runs.invalidated', () => void this.load().catch(() => undefined)),
    ];
    return () => {
      clearTimeout(this.#timer);
      stops.forEach((stop) => stop());
    };
  }

  async load(): Promise<void> {
    const { runs } = await this.#client.invoke('runs.list', { states: [...ALIVE], limit: 100 });
    const known = new Map(this.items.map((item) => [item.run.id, item.progress]));
    this.items = runs.map((run) => ({ run, progress: known.get(run.id) ?? null }));
  }

  #place(run: RunSummary): void {
    const index = this.items.findIndex((item) => item.run.id === run.id);
    if (!isAlive(run.state) || run.deletedAt !== null) {
      if (index >= 0) this.items = this.items.filter((item) => item.run.id !== run.id);
    } else if (index < 0) {
      this.items = [...this.items, { run, progress: null }];
    } else {
      this.items = this.items.map((item, i) => (i === index ? { ...item, run } : item));
    }
  }

  #advance(progress: RunProgress): void {
    this.#positions.set(progress.runId, progress);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.items = this.items.map((item) => ({
        ...item,
        progress: this.#positions.get(item.run.id) ?? item.progress,
      }));
      this.#positions.clear();
    }, SHOW_MS);
  }
}
