import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { RunState, RunSummary, RunsQuery } from '../../shared/schema/run.ts';

const PAGE = 100;
const RELOAD_MS = 200;

export type RunsSort = RunsQuery['sort'];

/** What the table asks for. */
export interface RunsFilter {
  readonly text: string;
  readonly states: readonly RunState[];
  readonly tag: string | null;
  readonly sort: RunsSort;
  readonly descending: boolean;
}

const EVERYTHING: RunsFilter = { text: '', states: [], tag: null, sort: 'createdAt', descending: true };

/** The history as a table that reads only the pages looked at, and the rows selected in it. */
export class RunsList {
  filter = $state.raw<RunsFilter>(EVERYTHING);
  total = $state(0);
  /** Sparse: rows not read yet are undefined. */
  rows = $state.raw<readonly (RunSummary | undefined)[]>([]);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  /** False until the first answer. */
  loaded = $state(false);
  error = $state.raw<Error | null>(null);

  readonly #client: StudioClient;
  readonly #asked = new Set<number>();
  #query = 0;
  #range: readonly [number, number] = [0, PAGE - 1];
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  get filtered(): boolean {
    return this.filter.text !== '' || this.filter.states.length > 0 || this.filter.tag !== null;
  }

  /** The selected rows that are at hand. */
  get selectedRuns(): RunSummary[] {
    return this.rows.filter((run): run is RunSummary => run !== undefined && this.selected.has(run.id));
  }

  start(): () => void {
    const stops = [
      this.#client.subscribe('run.changed', (run) => this.#place(run)),
      this.#client.subscribe('runs.invalidated', () => this.#reloadSoon()),
    ];
    return () => {
      clearTimeout(this.#reloadTimer);
      stops.forEach((stop) => stop());
    };
  }

  change(change: Partial<RunsFilter>): Promise<void> {
    this.filter = { ...this.filter, ...change };
    return this.load();
  }

  /** Sorts by a column; by the one already sorted by, the other way round. */
  sortBy(sort: RunsSort): Promise<void> {
    const descending = this.filter.sort === sort ? !this.filter.descending : sort !== 'name';
    return this.change({ sort, descending });
  }

  /** Reads the visible rows anew. */
  async load(): Promise<void> {
    this.#query++;
    this.#asked.clear();
    await this.#readPages(true);
  }

  /** Says which rows are looked at; reads the pages that are missing. */
  async show(from: number, to: number): Promise<void> {
    this.#range = [from, to];
    await this.#readPages(false);
  }

  async #readPages(fresh: boolean): Promise<void> {
    const [from, to] = this.#range;
    const pages: number[] = [];
    for (let page = Math.floor(from / PAGE); page <= Math.floor(to / PAGE); page++) {
      const beyond = this.loaded && !fresh && page * PAGE >= this.total;
      if (!beyond && !this.#asked.has(page)) pages.push(page);
    }
    await Promise.all(pages.map((page) => this.#readPage(page, fresh)));
  }

  async #readPage(page: number, fresh: boolean): Promise<void> {
    const query = this.#query;
    this.#asked.add(page);
    try {
      const { states, ...filter } = this.filter;
      const answer = await this.#client.invoke('runs.list', {
        ...filter,
        states: [...states],
        limit: PAGE,
        offset: page * PAGE,
      });
      if (query === this.#query) this.#store(page, answer, fresh);
    } catch (error) {
      this.#asked.delete(page);
      this.error = error instanceof Error ? error : new Error(String(error));
    }
  }

  #store(page: number, answer: { runs: RunSummary[]; total: number }, fresh: boolean): void {
    const rows: (RunSummary | undefined)[] = fresh && page === 0 ? [] : [...this.rows];
    rows.length = answer.total;
    answer.runs.forEach((run, index) => (rows[page * PAGE + index] = run));
    this.rows = rows;
    this.total = answer.total;
    this.loaded = true;
    this.error = null;
  }

  #place(run: RunSummary): void {
    const index = this.rows.findIndex((row) => row?.id === run.id);
    if (index < 0 || run.deletedAt !== null || this.rows[index]?.state !== run.state) this.#reloadSoon();
    if (index >= 0) this.rows = this.rows.map((row, i) => (i === index ? run : row));
  }

  #reloadSoon(): void {
    this.#reloadTimer ??= setTimeout(() => {
      this.#reloadTimer = undefined;
      void this.load();
    }, RELOAD_MS);
  }

  select(ids: Iterable<string>): void {
    this.selected = new Set(ids);
  }

  toggle(id: string): void {
    const next = new Set(this.selected);
    if (!next.delete(id)) next.add(id);
    this.selected = next;
  }

  /** Selects the rows between two, both included, besides what is selected. */
  extend(from: number, to: number): void {
    const rows = this.rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.selected = new Set([...this.selected, ...rows.flatMap((run) => (run ? [run.id] : []))]);
  }

  /** Marks runs deleted. They come back with {@link restore}. */
  async delete(runIds: readonly string[]): Promise<void> {
    await this.#client.invoke('runs.delete', { runIds: [...runIds] });
    this.select([...this.selected].filter((id) => !runIds.includes(id)));
    await this.load();
  }

  async restore(runIds: readonly string[]): Promise<void> {
    await this.#client.invoke('runs.restore', { runIds: [...runIds] });
    await this.load();
  }

  /** Adds a tag to runs that do not have it. */
  async tag(runs: readonly RunSummary[], tag: string): Promise<void> {
    for (const run of runs.filter((r) => !r.tags.includes(tag))) {
      await this.#client.invoke('runs.annotate', { runId: run.id, tags: [...run.tags, tag] });
    }
    await this.load();
  }
}
