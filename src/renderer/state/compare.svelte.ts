import type { StudioClient } from '../../shared/ipc/contract.ts';
import type {
  ComparedRun,
  ComparedRuns,
  ComparedSeries,
  GroupComparison,
  MeasuredAt,
} from '../../shared/schema/comparison.ts';
import { splitName, type SplitName } from '../../shared/schema/dataset.ts';
import { groupCurves, type CurveGroup } from '../charts/series-groups.ts';
import { ComparisonAnswers } from './compare-answers.ts';
import { firstAxes, firstCurve, parallelAxes, type ParallelAxis } from './compare-axes.ts';
import { keptRuns, withBrush, type Brush, type Brushes } from './compare-brush.ts';
import type { CompareAxis, CompareBand } from './compare-lines.ts';
import { Latest } from './run-results-loader.svelte.ts';

/** Runs that train are read anew at most so often. */
const FOLLOW_MS = 1_500;

/** A curve's name in parts: "test/digit/accuracy" is the metric "digit/accuracy" of test. */
export function curveParts(curve: string): { readonly split: SplitName; readonly metric: string } {
  const cut = curve.indexOf('/');
  return { split: splitName.parse(curve.slice(0, cut)), metric: curve.slice(cut + 1) };
}

/** A question for curves. */
export interface SeriesQuestion {
  /** Names the question. */
  readonly key: string;
  /** The answer, where it is here already. */
  readonly known: ComparedSeries[] | null;
  readonly read: () => Promise<ComparedSeries[]>;
}

/** Runs beside each other: what is asked of them, which of them are kept by brushes, and how they are drawn. */
export class Comparison {
  runIds = $state.raw<readonly string[]>([]);
  readonly answer = new Latest<ComparedRuns>();
  readonly groups = new Latest<GroupComparison>();

  axis = $state<CompareAxis>('epoch');
  /** Weight of the moving average, 0 to below 1. */
  smoothing = $state(0);
  /** Means over seeds instead of single runs. */
  grouped = $state(false);
  band = $state<CompareBand>('interval');
  brushes = $state.raw<Brushes>(new Map());
  /** Runs or groups whose curves are left out, by id or label. */
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  /** The run or group pointed at, which stands out everywhere. */
  lifted = $state.raw<string | null>(null);
  at = $state<MeasuredAt>('last');
  #splits = $state.raw<readonly SplitName[] | null>(null);
  #curve = $state.raw<string | null>(null);
  #axes = $state.raw<readonly string[] | null>(null);
  #revision = $state(0);

  readonly #client: StudioClient;
  readonly #answers: ComparisonAnswers;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param answers what was read ahead; the comparison's own where there is nothing of the kind */
  constructor(client: StudioClient, answers: ComparisonAnswers = new ComparisonAnswers(client)) {
    this.#client = client;
    this.#answers = answers;
  }

  /** Follows those of the runs that still train; returns the function that stops. */
  start(): () => void {
    const follow = (runId: string) => {
      if (this.runIds.includes(runId)) this.#readSoon();
    };
    const stops = [
      this.#client.subscribe('run.epoch', ({ runId }) => follow(runId)),
      this.#client.subscribe('run.changed', ({ id }) => follow(id)),
      this.#client.subscribe('runs.invalidated', () => this.#readSoon()),
    ];
    return () => {
      clearTimeout(this.#timer);
      stops.forEach((stop) => stop());
    };
  }

  /** Compares these runs. Brushes and choices that still make sense stay. */
  show(runIds: readonly string[]): void {
    this.runIds = runIds;
    if (runIds.length === 0) return;
    const key = `${this.#revision} ${runIds.join(' ')}`;
    const read = () => this.#answers.runs(runIds);
    const known = this.#answers.knownRuns(runIds);
    if (known === null) this.answer.ask(key, read);
    else this.answer.show(key, known, read);
  }

  /** Asks for curves of a metric. */
  seriesOf(metric: string): SeriesQuestion {
    const wanted = this.splits.map((split) => ({ split, metric }));
    const curves = wanted.filter(({ split }) => this.curves.includes(`${split}/${metric}`));
    const runIds = this.#comparedIds;
    return {
      key: `${this.#revision} ${metric} ${curves.map(({ split }) => split).join()} ${runIds.join(' ')}`,
      known: this.#answers.knownSeries(runIds, curves),
      read: () => this.#answers.series(runIds, curves),
    };
  }

  /** Asks for the groups of the kept runs, tested by the chosen number. */
  readGroups(): void {
    const [curve, at] = [this.curve, this.at];
    const runIds = this.kept.map(({ summary }) => summary.id);
    if (curve === null || runIds.length === 0) return;
    const { split, metric } = curveParts(curve);
    this.groups.ask(`${this.#revision} ${curve} ${at} ${runIds.join(' ')}`, () =>
      this.#client.invoke('compare.groups', { runIds, split, metric, at }),
    );
  }

  /** Moves when runs that train have grown. */
  get revision(): number {
    return this.#revision;
  }

  /** All runs, in the order asked for. */
  get all(): readonly ComparedRun[] {
    return this.answer.value?.runs ?? [];
  }

  readonly #comparedIds: readonly string[] = $derived(this.all.map(({ summary }) => summary.id));

  get fields(): readonly string[] {
    return this.answer.value?.fields ?? [];
  }

  get curves(): readonly string[] {
    return this.answer.value?.curves ?? [];
  }

  axes: readonly ParallelAxis[] = $derived(this.answer.value === null ? [] : parallelAxes(this.answer.value));

  /** Ids of the axes drawn, in their order. */
  get drawnAxes(): readonly string[] {
    const known = new Set(this.axes.map(({ id }) => id));
    return (this.#axes ?? firstAxes(this.axes)).filter((id) => known.has(id));
  }

  set drawnAxes(ids: readonly string[]) {
    this.#axes = ids;
  }

  /** Per run, in the order of `all`: do the brushes keep it? */
  keptFlags: readonly boolean[] = $derived(
    // Without a brush the axes need not be known yet.
    keptRuns(this.brushes.size === 0 ? [] : this.axes, this.brushes, this.all.length),
  );

  /** The runs that the brushes keep. */
  kept: readonly ComparedRun[] = $derived(this.all.filter((_, index) => this.keptFlags[index]));

  /** What is measured, as panels; learning rates last. */
  get metrics(): CurveGroup[] {
    return groupCurves([...new Set(this.curves.map((curve) => curveParts(curve).metric))]);
  }

  /** Splits that have curves, in their usual order. */
  get splitChoices(): SplitName[] {
    const there = new Set(this.curves.map((curve) => curveParts(curve).split));
    return splitName.options.filter((split) => there.has(split));
  }

  /** Splits drawn: dev to begin with, else what there is. */
  get splits(): readonly SplitName[] {
    const choices = this.splitChoices;
    const chosen = (this.#splits ?? ['dev']).filter((split) => choices.includes(split));
    return chosen.length > 0 ? chosen : choices.slice(0, 1);
  }

  toggleSplit(split: SplitName): void {
    const before = this.splits;
    const next = before.includes(split) ? before.filter((one) => one !== split) : [...before, split];
    if (next.length > 0) this.#splits = next;
  }

  /** The number by which groups are tested. */
  get curve(): string | null {
    const chosen = this.#curve;
    return chosen !== null && this.curves.includes(chosen) ? chosen : firstCurve(this.curves);
  }

  set curve(curve: string | null) {
    this.#curve = curve;
  }

  brush(axis: string, brush: Brush | null): void {
    this.brushes = withBrush(this.brushes, axis, brush);
  }

  clearBrushes(): void {
    this.brushes = new Map();
  }

  toggleHidden(key: string): void {
    const next = new Set(this.hidden);
    if (!next.delete(key)) next.add(key);
    this.hidden = next;
  }

  /** Shows this one only, or all again where it is the only one. */
  showOnly(key: string, keys: readonly string[]): void {
    const others = keys.filter((other) => other !== key);
    const isOnly = !this.hidden.has(key) && others.every((other) => this.hidden.has(other));
    this.hidden = new Set(isOnly ? [] : others);
  }

  showAll(): void {
    this.hidden = new Set();
  }

  #readSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#revision++;
      this.#answers.forget();
      this.show(this.runIds);
    }, FOLLOW_MS);
  }
}
