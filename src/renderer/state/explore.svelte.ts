import type { StudioClient } from '../../shared/ipc/contract.ts';
import { dataSpec, type DataSpec, type DatasetInfo, type TargetInfo } from '../../shared/schema/dataset.ts';
import type { ExploredData } from '../../shared/schema/explore.ts';
import type { RunSummary } from '../../shared/schema/run.ts';
import {
  EVERYTHING,
  filterExamples,
  orderOf,
  type ExampleFilter,
  type FilterSource,
  type Region,
} from './explore-filter.ts';
import { ExampleNotes, type NoteContent } from './explore-notes.svelte.ts';
import { parseQuery, type QueryTerm } from './explore-query.ts';
import { RunLens, sameExamples } from './explore-run.svelte.ts';
import { everyIndex, ExampleSpace, joinColumns, type ExampleColumns } from './explore-space.ts';
import { ExampleStore } from './explore-store.ts';
import { TableValues } from './explore-values.svelte.ts';
import { asError } from './run-results-loader.svelte.ts';

/** The seed of the split shown until a run brings its own. */
const FIRST_SEED = 1;
/** The first pictures go before everything else, but what is behind them does not wait for ever. */
const REST_AFTER_MS = 400;
const MOST_RUNS = 500;

/** Which of the two runs laid over the examples. */
export type LensName = 'first' | 'second';

/** A dataset looked through: its examples, what narrows them, what is selected, and what runs and the user say of them. */
export class Explorer {
  readonly info: DatasetInfo;
  readonly client: StudioClient;
  /** The examples' split: the default one, or that of the first run. */
  data = $state.raw<DataSpec>()!;
  seed = $state.raw(FIRST_SEED);
  space = $state.raw<ExampleSpace>()!;
  store = $state.raw<ExampleStore>()!;
  values = $state.raw<TableValues>()!;
  columns = $state.raw<ExampleColumns | null>(null);
  /** What kept columns or examples from being read. */
  error = $state.raw<Error | null>(null);
  /** Which target's classes are meant. */
  target = $state.raw(0);
  filter = $state.raw<ExampleFilter>(EVERYTHING);
  /** The examples shown, in their order. */
  list = $state.raw<Uint32Array>(new Uint32Array());
  /** Examples of each class among those that the filter leaves, whatever the classes chosen. */
  classCounts = $state.raw<Int32Array>(new Int32Array());
  /** Names in the query that nothing is called. */
  unknownNames = $state.raw<readonly string[]>([]);
  /** A place in `list`. */
  cursor = $state.raw(0);
  /** Indices. */
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** Moves when examples have come, or what is written under them is another. */
  arrivals = $state(0);
  runs = $state.raw<readonly RunSummary[] | null>(null);
  readonly first: RunLens;
  readonly second: RunLens;
  readonly notes: ExampleNotes;

  readonly #base: DataSpec;
  #terms: readonly QueryTerm[] = [];
  #order: { readonly key: readonly unknown[]; readonly value: Uint32Array | null } | null = null;
  readonly #featureColumns = new Map<string, Float32Array | null>();
  #columnsTurn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #anchor = 0;

  constructor(client: StudioClient, info: DatasetInfo) {
    this.client = client;
    this.info = info;
    this.#base = dataSpec.parse({ dataset: info.id });
    this.first = new RunLens(client);
    this.second = new RunLens(client);
    for (const lens of [this.first, this.second]) lens.onread = () => this.#refilter();
    this.#setExamples(this.#base, new ExampleSpace(info.trainExamples, info.testExamples));
    this.notes = new ExampleNotes(client, info.id, this.space);
  }

  /** Begins to read; returns the function that stops. */
  start(): () => void {
    this.#timer = setTimeout(() => this.#loadRest(), REST_AFTER_MS);
    return () => {
      clearTimeout(this.#timer);
      this.#columnsTurn++;
      this.store.close();
      this.values.close();
      this.first.stop();
      this.second.stop();
    };
  }

  get isImages(): boolean {
    return this.info.featureShape.length === 3;
  }

  get targetInfo(): TargetInfo {
    return this.info.targets[this.target] ?? this.info.targets[0]!;
  }

  get classes(): readonly string[] {
    return this.targetInfo.kind === 'class' ? this.targetInfo.classes : [];
  }

  get featureNames(): readonly string[] {
    return this.data.table?.features ?? this.info.featureNames;
  }

  /** What the explore calls are asked about. */
  get explored(): ExploredData {
    return { data: this.data, seed: this.seed };
  }

  /** Notes count rows as the dataset is stored; a run's own columns of a table can leave other rows out. */
  get takesNotes(): boolean {
    return (
      this.space.trainCount === this.info.trainExamples && this.space.testCount === this.info.testExamples
    );
  }

  /** The example under the cursor; null where nothing is shown. */
  get current(): number | null {
    return this.list[this.cursor] ?? null;
  }

  /** What a note is made of: the selected examples, or the one under the cursor. */
  get meant(): readonly number[] {
    if (this.selected.size > 0) return [...this.selected];
    return this.current === null ? [] : [this.current];
  }

  async loadRuns(): Promise<void> {
    const asked = { text: this.info.id, states: ['finished' as const], limit: MOST_RUNS };
    const { runs } = await this.client.invoke('runs.list', asked);
    this.runs = runs.filter((run) => run.dataset === this.info.id);
  }

  /** Reads again what could not be read. */
  async retry(): Promise<void> {
    this.error = null;
    this.store.retry();
    if (this.columns === null) await this.#loadColumns();
  }

  change(change: Partial<ExampleFilter>): void {
    this.filter = { ...this.filter, ...change };
    if (change.text !== undefined) this.#terms = parseQuery(change.text);
    // Another order is asked for to see what comes first in it.
    this.#refilter(change.order === undefined);
  }

  clearFilter(): void {
    const { order: _, ...everything } = EVERYTHING;
    this.change(everything);
  }

  /** Shows only examples picked elsewhere; all again for null. */
  showRegion(region: Region | null): void {
    this.change({ region });
  }

  /** A region of examples by index. */
  regionOf(label: string, indices: Iterable<number>): Region {
    const mask = new Uint8Array(this.space.count);
    for (const index of indices) if (index < mask.length) mask[index] = 1;
    return { label, mask, count: mask.reduce((sum, one) => sum + one, 0) };
  }

  chooseTarget(target: number): void {
    this.target = target;
    this.filter = { ...this.filter, classes: null, predictions: null };
    this.#refilter();
    for (const lens of [this.first, this.second]) void this.#read(lens);
  }

  /** Moves the cursor to a place in the list and selects: only it, it too, or all from the last one on. */
  moveTo(position: number, how: 'move' | 'toggle' | 'extend' = 'move'): void {
    if (this.list.length === 0) return;
    this.cursor = Math.max(0, Math.min(this.list.length - 1, position));
    const index = this.list[this.cursor]!;
    if (how === 'move') this.selected = new Set();
    if (how === 'toggle') this.#toggle(index);
    if (how !== 'extend') this.#anchor = this.cursor;
    else {
      const [from, to] = [this.#anchor, this.cursor].sort((a, b) => a - b) as [number, number];
      this.selected = new Set([...this.selected, ...this.list.subarray(from, to + 1)]);
    }
  }

  select(indices: Iterable<number>): void {
    this.selected = new Set(indices);
  }

  /** Stores a note of what is meant; null takes it away. Rejects as the call does. */
  async note(note: NoteContent | null): Promise<void> {
    await this.notes.set(this.meant, note);
    this.#refilter();
  }

  /** Stores a note of one example. Rejects as the call does. */
  async noteOne(index: number, note: NoteContent | null): Promise<void> {
    await this.notes.set([index], note);
    this.#refilter();
  }

  async undoNote(): Promise<void> {
    await this.notes.undo();
    this.#refilter();
  }

  /** Lays a run over the examples, which then are split as it saw them; takes it off for null. */
  async chooseRun(name: LensName, runId: string | null): Promise<void> {
    const lens = this[name];
    if (runId === null) {
      if (name === 'first') await this.#dropFirst();
      else lens.clear();
      this.#refilter();
      return;
    }
    const detail = await lens.open(runId);
    if (detail === null) return;
    const { experiment, summary } = detail;
    if (experiment.lab !== null) lens.refuse('This run measured something instead of training a net.');
    else if (name === 'second' && !sameExamples(experiment.data, this.data))
      lens.refuse('This run saw other columns or other points than the first one.');
    else {
      if (name === 'first') await this.#adopt(experiment.data, summary.seed);
      await this.#read(lens);
    }
  }

  async #dropFirst(): Promise<void> {
    this.first.clear();
    this.second.clear();
    await this.#adopt(this.#base, FIRST_SEED);
  }

  async #read(lens: RunLens): Promise<void> {
    if (lens.detail !== null) await lens.read(this.space, this.info, this.target);
    this.#refilter();
  }

  async #adopt(data: DataSpec, seed: number): Promise<void> {
    const same = sameExamples(data, this.data);
    if (same && seed === this.seed && JSON.stringify(data) === JSON.stringify(this.data)) return;
    this.seed = seed;
    if (same) this.data = data;
    else this.#replaceExamples(data, this.space);
    await this.#loadColumns();
  }

  #replaceExamples(data: DataSpec, space: ExampleSpace): void {
    this.store.close();
    this.values.close();
    this.#setExamples(data, space);
  }

  #setExamples(data: DataSpec, space: ExampleSpace): void {
    this.data = data;
    this.space = space;
    this.store = new ExampleStore(this.client, data, space);
    this.store.onread = () => this.#arrived();
    this.store.onerror = (error) => void (this.error = error);
    const width =
      data.table?.features.length ?? this.info.featureShape.reduce((size, side) => size * side, 1);
    this.values = new TableValues(this.client, data, space, width);
    this.#featureColumns.clear();
    this.columns = null;
    this.selected = new Set();
    this.cursor = 0;
    this.list = everyIndex(space.count);
  }

  #arrived(): void {
    this.arrivals++;
    if (this.#timer !== undefined) this.#loadRest();
  }

  #loadRest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#loadColumns();
    // Without the runs the screen says less, not something wrong.
    void this.loadRuns().catch(() => undefined);
  }

  async #loadColumns(): Promise<void> {
    const turn = ++this.#columnsTurn;
    try {
      const explored = this.client.invoke('explore.columns', this.explored);
      const [columns] = await Promise.all([explored, this.notes.load()]);
      if (turn !== this.#columnsTurn) return;
      this.#takeColumns(joinColumns(columns));
    } catch (thrown) {
      if (turn === this.#columnsTurn) this.error = asError(thrown);
    }
  }

  #takeColumns(columns: ExampleColumns): void {
    const { space } = columns;
    if (space.trainCount !== this.space.trainCount || space.testCount !== this.space.testCount)
      this.#replaceExamples(this.data, space);
    this.notes.setSpace(space);
    this.columns = columns;
    this.#refilter();
  }

  #toggle(index: number): void {
    const next = new Set(this.selected);
    if (!next.delete(index)) next.add(index);
    this.selected = next;
  }

  #refilter(keepsCursor = true): void {
    const { columns } = this;
    this.arrivals++;
    if (columns === null) return;
    const kept = keepsCursor ? this.current : null;
    const { list, classCounts } = filterExamples(this.filter, this.#source(columns), this.#ordered(columns));
    this.list = list;
    this.classCounts = classCounts;
    const place = kept === null ? -1 : list.indexOf(kept);
    this.cursor = Math.max(0, place);
    this.#anchor = this.cursor;
  }

  #source(columns: ExampleColumns): FilterSource {
    const unknown = new Set<string>();
    const numbers = (name: string) => {
      const found = this.#numbersOf(name, columns);
      if (found === 'unknown') unknown.add(name);
      return typeof found === 'string' ? null : found;
    };
    for (const term of this.#terms) if (term.kind === 'number') numbers(term.name);
    this.unknownNames = [...unknown];
    return {
      columns,
      target: this.target,
      classes: this.classes,
      terms: this.#terms,
      numbers,
      notes: this.takesNotes ? this.notes.byIndex : new Map(),
      first: this.first.columns,
      second: this.second.columns,
    };
  }

  /** Sorting 70,000 takes longer than filtering them, so an order is kept until what it is by has changed. */
  #ordered(columns: ExampleColumns): Uint32Array | null {
    const { order } = this.filter;
    const [first, second] = [this.first.columns, this.second.columns];
    const key = [order, columns, first, second];
    if (this.#order?.key.every((part, place) => part === key[place]) !== true)
      this.#order = { key, value: orderOf(order, columns.space, first, second) };
    return this.#order.value;
  }

  #numbersOf(name: string, columns: ExampleColumns): ArrayLike<number> | 'unknown' | 'reading' {
    const { space } = columns;
    if (name === 'row') return Int32Array.from({ length: space.count }, (_, index) => space.rowOf(index));
    if (name === 'loss' || name === 'error') return this.first.columns?.loss ?? 'unknown';
    if (name === 'confidence') return this.first.columns?.confidence ?? 'unknown';
    const target = this.info.targets.findIndex((one) => one.name.toLowerCase() === name);
    const values = columns.targets[target];
    if (values !== undefined) return values;
    return this.isImages ? 'unknown' : this.#featureNumbers(name);
  }

  #featureNumbers(name: string): Float32Array | 'unknown' | 'reading' {
    const kept = this.#featureColumns.get(name);
    if (kept) return kept;
    const place = this.featureNames.findIndex((feature) => feature.toLowerCase() === name);
    if (place < 0 || this.values.tooLarge) return 'unknown';
    const column = this.values.column(place);
    if (column !== null) {
      this.#featureColumns.set(name, column);
      return column;
    }
    void this.values.load().then(() => {
      if (this.values.values !== null) this.#refilter();
    });
    return 'reading';
  }
}
