import type { ObjectiveSpec, SearchSpec } from '../../shared/schema/search.ts';
import type { ParallelAxis } from './compare-axes.ts';
import { keptRuns, withBrush, type Brush, type Brushes } from './compare-brush.ts';
import type { LiveStudy } from './live-study.svelte.ts';
import { objectivesOf, studyAxes } from './study-axes.ts';
import type { StudyColumns } from './study-columns.ts';
import { bestFirst, bestSoFar, paretoFront, rankShares } from './study-rank.ts';
import { isSameSort, orderTrials, type TrialSort } from './trial-order.ts';

/** Curves drawn where no trial is selected. */
const FIRST_CURVES = 5;
/** More curves at once cannot be told apart. */
const MOST_CURVES = 12;

/**
 * What the user looks at in a study, shared by all of its panels: brushes on the axes keep trials, the pointer lifts
 * one, a click selects and opens it.
 */
export class StudyExplorer {
  brushes = $state.raw<Brushes>(new Map());
  /** Under the pointer. */
  lifted = $state.raw<number | null>(null);
  selected = $state.raw<ReadonlySet<number>>(new Set());
  /** Whose nets are shown. */
  opened = $state.raw<number | null>(null);
  sort = $state.raw<TrialSort>({ by: 'objective', index: 0 });
  /** Null until the user has chosen: the best first. */
  #descending = $state.raw<boolean | null>(null);
  /** The axes' order, by id; null for all as they come. */
  #order = $state.raw<readonly string[] | null>(null);

  readonly #live: LiveStudy;
  readonly #objectives = $derived.by(() => objectivesOf(this.search));
  readonly #axes = $derived.by(() => {
    void this.#live.revision;
    return studyAxes(this.search, this.columns);
  });
  readonly #kept = $derived(keptRuns(this.#axes, this.brushes, this.columns.count));
  readonly #sorted = $derived.by(() => {
    void this.#live.revision;
    return orderTrials(this.columns, this.sort, this.descending);
  });
  readonly #listed = $derived(
    this.brushes.size === 0 ? this.#sorted : this.#sorted.filter((i) => this.#kept[i]),
  );
  readonly #ranks = $derived.by(() => {
    void this.#live.revision;
    return rankShares(this.columns.values(0), this.objective.direction);
  });
  readonly #best = $derived.by(() => {
    void this.#live.revision;
    return bestSoFar(this.columns.values(0), this.objective.direction);
  });
  readonly #bestTrials = $derived.by(() => {
    void this.#live.revision;
    return bestFirst(this.columns.values(0), this.objective.direction);
  });
  #lastCurves: readonly number[] = [];
  readonly #curveTrials = $derived.by(() => {
    const next = this.selected.size > 0 ? [...this.selected].slice(-MOST_CURVES) : this.#firstKept();
    const same =
      next.length === this.#lastCurves.length && next.every((one, i) => one === this.#lastCurves[i]);
    return same ? this.#lastCurves : (this.#lastCurves = next);
  });
  readonly #front = $derived.by(() => {
    void this.#live.revision;
    const [first, second] = this.objectives;
    if (first === undefined || second === undefined) return [];
    return paretoFront(this.columns.values(0), this.columns.values(1), [first.direction, second.direction]);
  });

  /** @param live a study; nothing may be asked here before it has been read */
  constructor(live: LiveStudy) {
    this.#live = live;
  }

  get search(): SearchSpec {
    return this.#live.detail!.experiment.search!;
  }

  /** What is to be good, one or two numbers. */
  get objectives(): readonly ObjectiveSpec[] {
    return this.#objectives;
  }

  get descending(): boolean {
    return this.#descending ?? this.objective.direction === 'maximise';
  }

  get objective(): ObjectiveSpec {
    return this.objectives[0]!;
  }

  /** The trials; they grow in place, so what is worked out of them must ask for `axes` or `revision` first. */
  get columns(): StudyColumns {
    return this.#live.columns!;
  }

  get revision(): number {
    return this.#live.revision;
  }

  /** All axes: parameters, then objectives. */
  get axes(): readonly ParallelAxis[] {
    return this.#axes;
  }

  /** The axes of parallel coordinates in the user's order. */
  get drawnAxes(): readonly ParallelAxis[] {
    const order = this.#order;
    if (order === null) return this.#axes;
    return order.flatMap((id) => this.#axes.find((axis) => axis.id === id) ?? []);
  }

  setDrawn(ids: readonly string[]): void {
    this.#order = ids;
  }

  /** Per trial: does every brush keep it? */
  get kept(): readonly boolean[] {
    return this.#kept;
  }

  /** The numbers of the kept trials in the table's order. */
  get listed(): readonly number[] {
    return this.#listed;
  }

  /** Per trial its place among all, 0 the best and 1 the worst; NaN where it has no value. */
  get ranks(): Float64Array<ArrayBuffer> {
    return this.#ranks;
  }

  get bestSoFar(): Float64Array<ArrayBuffer> {
    return this.#best;
  }

  /** The trials no other beats in both objectives; empty with one objective. */
  get front(): readonly number[] {
    return this.#front;
  }

  /** The trials whose curves are drawn: those selected, or the best of those kept. The same list while they are. */
  get curveTrials(): readonly number[] {
    return this.#curveTrials;
  }

  #firstKept(): number[] {
    const found: number[] = [];
    for (const trial of this.#bestTrials) {
      if (found.length === FIRST_CURVES) break;
      if (this.#kept[trial] === true) found.push(trial);
    }
    return found;
  }

  brush(axis: string, brush: Brush | null): void {
    this.brushes = withBrush(this.brushes, axis, brush);
  }

  clearBrushes(): void {
    this.brushes = new Map();
  }

  /** Selects a trial alone and opens it; with `add`, takes it in or out of the selection. */
  pick(trial: number, add = false): void {
    if (add) {
      const selected = new Set(this.selected);
      if (!selected.delete(trial)) selected.add(trial);
      this.selected = selected;
      return;
    }
    this.selected = new Set([trial]);
    this.opened = trial;
  }

  close(): void {
    this.opened = null;
    this.selected = new Set();
  }

  /** Orders by a column, or the other way round where it is ordered by it already. */
  sortBy(sort: TrialSort): void {
    this.#descending = isSameSort(sort, this.sort)
      ? !this.descending
      : sort.by === 'objective' && this.objectives[sort.index]?.direction === 'maximise';
    this.sort = sort;
  }
}
