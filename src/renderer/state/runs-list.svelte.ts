import { parseRunsFilter, type FilterFault } from '../../shared/experiment/parse-runs-filter.ts';
import type { StudioClient } from '../../shared/ipc/contract.ts';
import type { RunFieldValue } from '../../shared/schema/run-query.ts';
import {
  runsQuery,
  type ListedGroup,
  type RunsPage,
  type RunsQuery,
  type RunState,
  type RunSummary,
} from '../../shared/schema/run.ts';
import type { PanelStorage } from '../components/results/panel-layout.svelte.ts';
import { columnOf, FIRST_COLUMNS, meanFields, type RunsColumn } from './runs-columns.ts';
import { RunsLayout } from './runs-layout.ts';
import { readChoice, storeChoice } from './runs-list-choice.ts';

const PAGE = 100;
const RELOAD_MS = 200;
/** The most means that the studio works out at once. */
const MOST_MEANS = 12;
/** The most runs that one selection takes from the history at once. */
const MOST_SELECTED = 1_000;

/** What the table asks for. */
export interface RunsFilter {
  /** As typed: words and conditions. */
  readonly text: string;
  readonly states: readonly RunState[];
  readonly tag: string | null;
  /** A field. */
  readonly sort: string;
  readonly descending: boolean;
  /** A field; null for one list. */
  readonly groupBy: string | null;
}

const EVERYTHING: RunsFilter = {
  text: '',
  states: [],
  tag: null,
  sort: 'createdAt',
  descending: true,
  groupBy: null,
};

const SORTS: readonly string[] = runsQuery.shape.sort.unwrap().options;

/** The history as a table that reads only the pages looked at, and the rows selected in it. */
export class RunsList {
  filter = $state.raw<RunsFilter>(EVERYTHING);
  total = $state(0);
  /** Sparse: rows not read yet are undefined. */
  rows = $state.raw<readonly (RunSummary | undefined)[]>([]);
  /** Values of the asked columns, per row. */
  values = $state.raw<readonly (readonly RunFieldValue[] | undefined)[]>([]);
  /** Null where the list is not grouped. */
  groups = $state.raw<readonly ListedGroup[] | null>(null);
  folded = $state.raw<ReadonlySet<string>>(new Set());
  columns = $state.raw<readonly RunsColumn[]>([]);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  /** False until the first answer. */
  loaded = $state(false);
  error = $state.raw<Error | null>(null);

  readonly #client: StudioClient;
  readonly #storage: PanelStorage | null;
  readonly #asked = new Set<number>();
  /** Rows seen, so that a selection outlives a change of the filter. */
  readonly #seen = new Map<string, RunSummary>();
  #query = 0;
  #storedQuery = -1;
  #range: readonly [number, number] = [0, PAGE - 1];
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;

  /** @param storage where columns and grouping are remembered; null to forget them */
  constructor(client: StudioClient, storage: PanelStorage | null = null) {
    this.#client = client;
    this.#storage = storage;
    const { columns, groupBy } = readChoice(storage);
    this.columns = (columns ?? FIRST_COLUMNS).flatMap((id) => columnOf(id) ?? []);
    this.filter = { ...EVERYTHING, groupBy };
  }

  get filtered(): boolean {
    return this.filter.text !== '' || this.filter.states.length > 0 || this.filter.tag !== null;
  }

  /** What of the typed filter is not understood. */
  get faults(): readonly FilterFault[] {
    return parseRunsFilter(this.filter.text).faults;
  }

  /** The selected rows that have been seen. */
  get selectedRuns(): RunSummary[] {
    return [...this.selected].flatMap((id) => this.#seen.get(id) ?? []);
  }

  /** Which row is where. */
  layout: RunsLayout = $derived(
    new RunsLayout(this.total, this.groups, (group) => this.folded.has(groupKey(this.groups?.[group]))),
  );

  /** The fields whose mean and spread groups tell. */
  meanFields: readonly string[] = $derived(this.columns.flatMap(meanFields).slice(0, MOST_MEANS));

  readonly #askedFields: readonly string[] = $derived(
    this.columns.filter(({ asked }) => asked).map(({ id }) => id),
  );

  start(): () => void {
    const stops = [
      this.#client.subscribe('run.changed', (run) => this.#place(run)),
      this.#client.subscribe('runs.invalidated', () => this.#reloadSoon()),
    ];
    return () => {
      clearTimeout(this.#reloadTimer);
      this.#reloadTimer = undefined;
      stops.forEach((stop) => stop());
    };
  }

  change(change: Partial<RunsFilter>): Promise<void> {
    this.filter = { ...this.filter, ...change };
    if (change.groupBy !== undefined) this.#remember();
    return this.load();
  }

  /** Sorts by a field; by the one already sorted by, the other way round. */
  sortBy(sort: string): Promise<void> {
    const descending = this.filter.sort === sort ? !this.filter.descending : sort !== 'name';
    return this.change({ sort, descending });
  }

  /** Shows these columns, in this order. */
  async setColumns(ids: readonly string[]): Promise<void> {
    const before = this.#askedFields.join();
    this.columns = ids.flatMap((id) => columnOf(id) ?? []);
    this.#remember();
    if (this.#askedFields.join() !== before || this.filter.groupBy !== null) await this.load();
  }

  #remember(): void {
    storeChoice(this.#storage, {
      columns: this.columns.map(({ id }) => id),
      groupBy: this.filter.groupBy,
    });
  }

  /** The value of an asked column in a row. */
  valueAt(index: number, column: RunsColumn): RunFieldValue {
    return this.values[index]?.[this.#askedFields.indexOf(column.id)] ?? null;
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
    const pages = this.#pagesOf(this.#range).filter(
      (page) => (fresh || !this.loaded || page * PAGE < this.total) && !this.#asked.has(page),
    );
    await Promise.all(pages.map((page) => this.#readPage(page)));
  }

  /** The pages that hold the runs of some rows. */
  #pagesOf([from, to]: readonly [number, number]): number[] {
    if (!this.loaded) return [0];
    const pages = new Set<number>();
    for (let row = from; row <= Math.min(to, this.layout.length - 1); row++) {
      const at = this.layout.at(row);
      if (at.kind === 'run') pages.add(Math.floor(at.index / PAGE));
    }
    return pages.size === 0 ? [0] : [...pages];
  }

  async #readPage(page: number): Promise<void> {
    const query = this.#query;
    this.#asked.add(page);
    try {
      const answer = await this.#client.invoke('runs.list', {
        ...this.#asQuery(),
        limit: PAGE,
        offset: page * PAGE,
      });
      if (query === this.#query) this.#store(page, answer);
    } catch (error) {
      if (query !== this.#query) return;
      this.#asked.delete(page);
      this.error = error instanceof Error ? error : new Error(String(error));
    }
  }

  #asQuery(): Partial<RunsQuery> {
    const { text: typed, states, tag, sort, descending, groupBy } = this.filter;
    const { text, conditions } = parseRunsFilter(typed);
    return {
      text,
      filter: conditions,
      states: [...states],
      tag,
      ...(SORTS.includes(sort) ? { sort: sort as RunsQuery['sort'] } : { sortField: sort }),
      descending,
      groupBy,
      columns: [...this.#askedFields],
      groupMeans: groupBy === null ? [] : [...this.meanFields],
    };
  }

  #store(page: number, answer: RunsPage): void {
    const isFirst = this.#storedQuery !== this.#query;
    this.#storedQuery = this.#query;
    const rows = isFirst ? [] : [...this.rows];
    const values = isFirst ? [] : [...this.values];
    rows.length = answer.total;
    answer.runs.forEach((run, index) => {
      rows[page * PAGE + index] = run;
      values[page * PAGE + index] = answer.columns?.[index];
      this.#seen.set(run.id, run);
    });
    this.rows = rows;
    this.values = values;
    this.groups = answer.groups ?? null;
    this.total = answer.total;
    this.loaded = true;
    this.error = null;
  }

  #place(run: RunSummary): void {
    const index = this.rows.findIndex((row) => row?.id === run.id);
    if (this.#seen.has(run.id)) this.#seen.set(run.id, run);
    if (index < 0 || run.deletedAt !== null || this.rows[index]?.state !== run.state) this.#reloadSoon();
    if (index >= 0) this.rows = this.rows.map((row, i) => (i === index ? run : row));
  }

  #reloadSoon(): void {
    this.#reloadTimer ??= setTimeout(() => {
      this.#reloadTimer = undefined;
      void this.load();
    }, RELOAD_MS);
  }

  isFolded(group: ListedGroup): boolean {
    return this.folded.has(groupKey(group));
  }

  toggleFolded(group: ListedGroup): void {
    const next = new Set(this.folded);
    if (!next.delete(groupKey(group))) next.add(groupKey(group));
    this.folded = next;
  }

  /** Folds every group, or opens them all where none is open. */
  foldAll(): void {
    const keys = (this.groups ?? []).map(groupKey);
    const areFolded = keys.every((key) => this.folded.has(key));
    this.folded = new Set(areFolded ? [] : keys);
  }

  select(ids: Iterable<string>): void {
    this.selected = new Set(ids);
  }

  toggle(id: string): void {
    const next = new Set(this.selected);
    if (!next.delete(id)) next.add(id);
    this.selected = next;
  }

  /** Selects the runs between two rows, both included, besides what is selected. */
  extend(from: number, to: number): void {
    const next = new Set(this.selected);
    for (let row = Math.min(from, to); row <= Math.max(from, to); row++) {
      const at = this.layout.at(row);
      const run = at.kind === 'run' ? this.rows[at.index] : undefined;
      if (run) next.add(run.id);
    }
    this.selected = next;
  }

  /** Selects the first thousand runs of the list, read or not. Rejects as the call does. */
  selectAll(): Promise<void> {
    return this.#selectFrom(0, this.total, []);
  }

  /** Selects all runs of a group, at most a thousand; where all are selected, takes them out again. */
  async toggleGroup(index: number): Promise<void> {
    const group = this.groups?.[index];
    if (group !== undefined) await this.#selectFrom(this.layout.firstRun(index), group.count, this.selected);
  }

  async #selectFrom(offset: number, count: number, before: Iterable<string>): Promise<void> {
    const limit = Math.max(1, Math.min(MOST_SELECTED, count));
    const { runs } = await this.#client.invoke('runs.list', {
      ...this.#asQuery(),
      columns: [],
      groupMeans: [],
      limit,
      offset,
    });
    const next = new Set(before);
    const areSelected = runs.every((run) => next.has(run.id));
    for (const run of runs) {
      this.#seen.set(run.id, run);
      if (areSelected) next.delete(run.id);
      else next.add(run.id);
    }
    this.selected = next;
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

/** Tells groups apart whose values read alike, such as 1 and "1". */
function groupKey(group: ListedGroup | undefined): string {
  return JSON.stringify(group?.value ?? null);
}
