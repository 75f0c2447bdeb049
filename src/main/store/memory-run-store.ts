import { StudioError } from '../../shared/ipc/errors.ts';
import { plannedEpochs } from '../../shared/experiment/planned-epochs.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import type { MetricPoint, MetricSeries } from '../../shared/schema/metric.ts';
import type {
  LogLine,
  RunDetail,
  RunEpoch,
  RunFailure,
  RunId,
  RunProvenance,
  RunsPage,
  RunsQuery,
  RunState,
  RunSummary,
} from '../../shared/schema/run.ts';
import { replayRun } from './import-run.ts';
import { emptyHeadline, updateHeadline } from './headline.ts';
import { isBetterRun, pageOf } from './memory-query.ts';
import { isOwnerGone, realSurroundings, type StoreSurroundings } from './owner.ts';
import { toSeries } from './run-detail-query.ts';
import type { CurveName, CurveValue, EpochTimes, RunRecord } from './run-records.ts';
import {
  checkDeletable,
  checkEnded,
  checkNextEpoch,
  checkNotFinal,
  checkStateChange,
  finalStates,
  liveStates,
  perishableStates,
  unknownRun,
} from './run-state.ts';
import type { EpochRecord, ExperimentKey, NewRun, PausePoint, RunStore } from './run-store.ts';
import {
  emptySparkline,
  extendByPoints,
  sparklineSplit,
  sparklineValues,
  type SparklineState,
} from './sparkline.ts';

/** All that is kept of one run. Values are copied in and out, so that no caller can change the history. */
interface StoredRun {
  readonly definition: NewRun;
  summary: RunSummary;
  provenance: RunProvenance | null;
  preprocessing: Artifact | null;
  readonly points: Map<string, MetricPoint>;
  readonly epochs: RunEpoch[];
  readonly log: LogLine[];
  pausePoint: PausePoint | null;
  sparkline: SparklineState;
  owner: { pid: number; heartbeatAtMs: number };
}

/** The run history in memory, for tests and for programs that keep nothing. It ends with its process. */
export class MemoryRunStore implements RunStore {
  readonly #runs = new Map<RunId, StoredRun>();
  readonly #surroundings: StoreSurroundings;

  constructor(surroundings: StoreSurroundings = realSurroundings) {
    this.#surroundings = surroundings;
  }

  createRun(run: NewRun): RunSummary {
    if (this.#runs.has(run.id)) {
      throw new StudioError('conflict', `Run ${run.id}: exists already; a new run needs an id of its own.`);
    }
    const definition = structuredClone(run);
    this.#runs.set(run.id, {
      definition,
      summary: newSummary(definition, this.#timestamp()),
      provenance: null,
      preprocessing: null,
      points: new Map(),
      epochs: [],
      log: [],
      pausePoint: null,
      sparkline: emptySparkline,
      owner: { pid: run.ownerPid, heartbeatAtMs: this.#surroundings.now() },
    });
    return this.getSummary(run.id);
  }

  importRun(run: RunDetail): RunSummary {
    const { id, state, createdAt, finishedAt } = run.summary;
    checkEnded(id, state);
    replayRun(this, run);
    return this.#update(this.#run(id), { createdAt, finishedAt });
  }

  setState(
    id: RunId,
    state: RunState,
    change: { failure?: RunFailure; durationMs?: number; ownerPid?: number } = {},
  ): RunSummary {
    const run = this.#run(id);
    checkStateChange(id, run.summary.state, state);
    run.owner = { pid: change.ownerPid ?? run.owner.pid, heartbeatAtMs: this.#surroundings.now() };
    return this.#update(run, {
      state,
      finishedAt: finalStates.includes(state) ? this.#timestamp() : null,
      failure: structuredClone(change.failure ?? null),
      durationMs: change.durationMs ?? run.summary.durationMs,
    });
  }

  setProvenance(id: RunId, provenance: RunProvenance): void {
    const run = this.#open(id, 'provenance');
    run.provenance = structuredClone(provenance);
    this.#update(run, { engineKind: provenance.engine.kind });
  }

  setPreprocessing(id: RunId, preprocessing: Artifact): void {
    this.#open(id, 'preprocessing').preprocessing = structuredClone(preprocessing);
  }

  appendEpoch(id: RunId, record: EpochRecord): RunSummary {
    const run = this.#open(id, 'epochs');
    const { epoch } = record;
    checkNextEpoch(id, run.summary.epochsDone, epoch.epoch);
    run.epochs.push(structuredClone(epoch));
    addPoints(run, record.points);
    run.sparkline = extendByPoints(run.sparkline, sparklineSplit(run.definition.experiment), record.points);
    return this.#update(run, {
      epochsDone: epoch.epoch,
      durationMs: record.durationMs,
      examplesPerSecond: epoch.examplesPerSecond,
      headline: updateHeadline(run.summary.headline, epoch.epoch, record.points),
      sparkline: sparklineValues(run.sparkline),
    });
  }

  appendFinalPoints(id: RunId, points: readonly MetricPoint[]): RunSummary {
    const run = this.#open(id, 'points');
    addPoints(run, points);
    return this.#update(run, {
      headline: updateHeadline(run.summary.headline, run.summary.epochsDone, points),
    });
  }

  setPausePoint(id: RunId, point: PausePoint | null): Artifact | null {
    const run = this.#open(id, 'pause point');
    const replaced = run.pausePoint?.checkpoint ?? null;
    run.pausePoint = structuredClone(point);
    if (point !== null) this.#update(run, { durationMs: point.durationMs });
    return replaced;
  }

  latestCheckpoint(id: RunId): { readonly step: number; readonly checkpoint: Artifact } | null {
    const run = this.#run(id);
    const epoch = run.epochs.findLast((e) => e.checkpoint !== null);
    const paused = run.pausePoint;
    if (paused !== null && (epoch === undefined || paused.step > epoch.step)) {
      return structuredClone({ step: paused.step, checkpoint: paused.checkpoint });
    }
    if (epoch === undefined || epoch.checkpoint === null) return null;
    return structuredClone({ step: epoch.step, checkpoint: epoch.checkpoint });
  }

  releaseCheckpoints(id: RunId): Artifact[] {
    const saved = this.#run(id).epochs.filter((epoch) => epoch.checkpoint !== null);
    const best = saved.findLast((epoch) => epoch.best);
    const released = saved.slice(0, -1).filter((epoch) => epoch !== best);
    const artifacts = released.flatMap((epoch) => epoch.checkpoint ?? []);
    for (const epoch of released) epoch.checkpoint = null;
    return artifacts;
  }

  appendLog(id: RunId, lines: readonly LogLine[]): void {
    this.#open(id, 'log lines').log.push(...structuredClone(lines));
  }

  annotate(id: RunId, change: { name?: string; notes?: string; tags?: readonly string[] }): RunSummary {
    const run = this.#run(id);
    const { name, notes, tags } = run.summary;
    return this.#update(run, {
      name: change.name ?? name,
      notes: change.notes ?? notes,
      tags: [...new Set(change.tags ?? tags)],
    });
  }

  heartbeat(ids: readonly RunId[], ownerPid: number): void {
    for (const id of ids) {
      const run = this.#runs.get(id);
      if (run?.owner.pid !== ownerPid || !liveStates.includes(run.summary.state)) continue;
      run.owner.heartbeatAtMs = this.#surroundings.now();
    }
  }

  markCrashed(silentMs: number): RunSummary[] {
    return this.#sorted()
      .filter((run) => perishableStates.includes(run.summary.state))
      .filter((run) => isOwnerGone(run.owner, silentMs, this.#surroundings))
      .map((run) => this.setState(run.summary.id, 'crashed'));
  }

  isAbandoned(id: RunId, silentMs: number): boolean {
    const { summary, owner } = this.#run(id);
    return liveStates.includes(summary.state) && isOwnerGone(owner, silentMs, this.#surroundings);
  }

  getSummary(id: RunId): RunSummary {
    return structuredClone(this.#run(id).summary);
  }

  getDetail(id: RunId): RunDetail {
    const { definition, summary, provenance, preprocessing, points, epochs, log } = this.#run(id);
    return structuredClone({
      summary,
      experiment: definition.experiment,
      model: definition.model,
      provenance,
      preprocessing,
      series: toSeries([...points.values()].sort(comparePoints)),
      epochs,
      log,
    });
  }

  list(query: RunsQuery): RunsPage {
    const all = this.#sorted().map(({ summary, definition }) => ({
      summary,
      experiment: definition.experiment,
    }));
    return pageOf(all, query);
  }

  newestAndBest({ experimentSha256, experimentId }: ExperimentKey): {
    newest: RunSummary | null;
    best: RunSummary | null;
  } {
    const runs = this.#sorted()
      .map((run) => run.summary)
      .filter(
        (run) =>
          (run.experimentSha256 === experimentSha256 || run.experimentId === experimentId) &&
          run.deletedAt === null,
      );
    const newest = runs.reduce<RunSummary | null>(
      (a, b) => (a === null || b.createdAt >= a.createdAt ? b : a),
      null,
    );
    const best = runs
      .filter((run) => run.state === 'finished')
      .reduce<RunSummary | null>((a, b) => (a === null || isBetterRun(b, a) ? b : a), null);
    return structuredClone({ newest, best });
  }

  runsOfExperiment(experimentId: string): RunSummary[] {
    const runs = this.#sorted()
      .map((run) => run.summary)
      .filter((run) => run.experimentId === experimentId && run.deletedAt === null);
    return structuredClone(
      runs.sort((a, b) => compareText(a.variant ?? '', b.variant ?? '') || a.seed - b.seed),
    );
  }

  getRecords(ids: readonly RunId[]): RunRecord[] {
    return ids.map((id) => {
      const { summary, definition, provenance, epochs } = this.#run(id);
      const bestEpoch = epochs.findLast((epoch) => epoch.best)?.epoch ?? null;
      return structuredClone({ summary, experiment: definition.experiment, provenance, bestEpoch });
    });
  }

  getCurves(ids: readonly RunId[], names: readonly CurveName[] | null): MetricSeries[][] {
    return ids.map((id) => {
      const { series } = this.getDetail(id);
      if (names === null) return series;
      return names.flatMap((name) => series.find((curve) => isNamed(curve, name)) ?? []);
    });
  }

  getValues(asked: readonly { readonly id: RunId; readonly epoch: number }[]): CurveValue[][] {
    return asked.map(({ id, epoch }) =>
      this.getDetail(id).series.flatMap(({ split, metric, epochs, values }) => {
        const index = epochs.findLastIndex((measured) => measured <= epoch);
        return index < 0 ? [] : [{ split, metric, value: values[index] ?? null }];
      }),
    );
  }

  getEpochTimes(ids: readonly RunId[]): EpochTimes[] {
    return ids.map((id) => {
      const { epochs } = this.#run(id);
      return { steps: epochs.map((e) => e.step), durationsMs: epochs.map((e) => e.durationMs) };
    });
  }

  delete(ids: readonly RunId[]): void {
    const runs = ids.map((id) => this.#run(id));
    for (const run of runs) checkDeletable(run.summary.id, run.summary.state);
    for (const run of runs) this.#update(run, { deletedAt: this.#timestamp() });
  }

  restore(ids: readonly RunId[]): void {
    const runs = ids.map((id) => this.#run(id));
    for (const run of runs) this.#update(run, { deletedAt: null });
  }

  purge(): { readonly runIds: RunId[]; readonly artifacts: Artifact[] } {
    const runs = this.#sorted().filter((run) => run.summary.deletedAt !== null);
    for (const run of runs) this.#runs.delete(run.summary.id);
    return { runIds: runs.map((run) => run.summary.id), artifacts: runs.flatMap(artifactsOf) };
  }

  dataVersion(): number {
    return 0;
  }

  close(): void {
    this.#runs.clear();
  }

  #run(id: RunId): StoredRun {
    const run = this.#runs.get(id);
    if (run === undefined) throw unknownRun(id);
    return run;
  }

  /** A run that is not final, so that `what` may be added to it. */
  #open(id: RunId, what: string): StoredRun {
    const run = this.#run(id);
    checkNotFinal(id, run.summary.state, what);
    return run;
  }

  #update(run: StoredRun, change: Partial<RunSummary>): RunSummary {
    run.summary = { ...run.summary, ...change };
    return structuredClone(run.summary);
  }

  /** In order of the ids, as the SQLite store returns them. */
  #sorted(): StoredRun[] {
    return [...this.#runs.values()].sort((a, b) => (a.summary.id < b.summary.id ? -1 : 1));
  }

  #timestamp(): string {
    return new Date(this.#surroundings.now()).toISOString();
  }
}

function newSummary(run: NewRun, createdAt: string): RunSummary {
  return {
    id: run.id,
    name: run.experiment.name,
    dataset: run.experiment.data.dataset,
    group: run.experiment.group,
    experimentSha256: run.experimentSha256,
    experimentId: run.experimentId,
    variant: run.variant,
    seed: run.seed,
    state: 'queued',
    epochsDone: 0,
    epochsPlanned: plannedEpochs(run.experiment),
    headline: emptyHeadline,
    sparkline: [],
    engineKind: null,
    durationMs: 0,
    examplesPerSecond: null,
    createdAt,
    finishedAt: null,
    tags: [],
    notes: '',
    failure: null,
    deletedAt: null,
  };
}

function addPoints(run: StoredRun, points: readonly MetricPoint[]): void {
  for (const point of points) {
    run.points.set(`${point.split}/${point.metric}/${point.step}`, structuredClone(point));
  }
}

function isNamed(curve: CurveName, name: CurveName): boolean {
  return curve.split === name.split && curve.metric === name.metric;
}

function comparePoints(a: MetricPoint, b: MetricPoint): number {
  return compareText(a.split, b.split) || compareText(a.metric, b.metric) || a.step - b.step;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function artifactsOf({ epochs, pausePoint, preprocessing }: StoredRun): Artifact[] {
  const ofEpochs = epochs.map((epoch) => epoch.checkpoint);
  return [...ofEpochs, pausePoint?.checkpoint ?? null, preprocessing].filter((file) => file !== null);
}
