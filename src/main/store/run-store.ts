import type { Artifact } from '../../shared/schema/artifact.ts';
import type { Experiment } from '../../shared/schema/experiment.ts';
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
import type { ModelSummary } from '../../shared/schema/model.ts';
import type { CurveName, CurveValue, EpochTimes, RunRecord } from './run-records.ts';

export interface NewRun {
  readonly id: RunId;
  readonly experiment: Experiment;
  readonly experimentSha256: string;
  readonly model: ModelSummary;
  readonly seed: number;
  /** The gallery's experiment and the variant it was made from, for grouping; null for none. */
  readonly experimentId: string | null;
  readonly variant: string | null;
  /** Process that answers for the run. */
  readonly ownerPid: number;
}

/** An experiment of the gallery: by what it computes, or by its id for its variants. */
export interface ExperimentKey {
  readonly experimentSha256: string;
  readonly experimentId: string;
}

/** One finished epoch: stored whole or not at all. */
export interface EpochRecord {
  readonly epoch: RunEpoch;
  readonly points: readonly MetricPoint[];
  /** Training time so far, without pauses. */
  readonly durationMs: number;
}

/** A checkpoint taken in the middle of an epoch (on pause), superseded by the next epoch's. */
export interface PausePoint {
  readonly step: number;
  readonly checkpoint: Artifact;
  readonly durationMs: number;
}

/**
 * The run history. Invariants, held by every implementation and checked by one contract suite:
 * - A method that returned has stored its effect: a crash or `kill -9` right after loses nothing.
 * - `appendEpoch` is atomic: epoch, points, headline and sparkline together or not at all. Epochs come in
 *   order without gaps; appending one twice is refused with `conflict`.
 * - A run in a final state (finished, failed, cancelled) takes no more epochs, log lines, provenance or preprocessing; only
 *   name, tags, notes and deletion still change. `crashed` is not final: it can be resumed.
 * - State changes follow queued -> running <-> paused -> finished | failed | cancelled, any live state ->
 *   crashed, crashed -> running, paused or crashed -> queued (to wait for its turn again), crashed -> queued (a resumed run that waits its turn); others are refused with
 *   `conflict`.
 * - Unknown ids are refused with `not-found`.
 */
export interface RunStore {
  createRun(run: NewRun): RunSummary;
  /**
   * Stores a run that ended elsewhere, whole or not at all, with its own times. Its artifacts must be in place.
   * Refused with `conflict` where its id is known, also of a deleted run, and where it has not ended.
   */
  importRun(run: RunDetail): RunSummary;
  /** `ownerPid` hands the run to the process that resumes it, in the same transaction. */
  setState(
    id: RunId,
    state: RunState,
    change?: { failure?: RunFailure; durationMs?: number; ownerPid?: number },
  ): RunSummary;
  setProvenance(id: RunId, provenance: RunProvenance): void;
  /** The file of the fitted preparation, which goes with the run. */
  setPreprocessing(id: RunId, preprocessing: Artifact): void;
  appendEpoch(id: RunId, record: EpochRecord): RunSummary;
  /** Points measured after the last epoch, e.g. the test split's; only before a final state. */
  appendFinalPoints(id: RunId, points: readonly MetricPoint[]): RunSummary;
  /** Returns the pause point this one replaces, whose file the caller removes; null for none. */
  setPausePoint(id: RunId, point: PausePoint | null): Artifact | null;
  /** The artifact to resume from: the pause point if it is newer than the last epoch's checkpoint. */
  latestCheckpoint(id: RunId): { readonly step: number; readonly checkpoint: Artifact } | null;
  /** Forgets the checkpoints of epochs that are neither the last nor the last best; the caller removes the files. */
  releaseCheckpoints(id: RunId): Artifact[];
  appendLog(id: RunId, lines: readonly LogLine[]): void;
  annotate(id: RunId, change: { name?: string; notes?: string; tags?: readonly string[] }): RunSummary;
  /** Proof of life of the owner of live runs; called every second. Runs that another process owns are left alone. */
  heartbeat(ids: readonly RunId[], ownerPid: number): void;
  /**
   * Queued and running runs whose owner is gone (process dead, or silent for `silentMs`) become crashed; returns them.
   * A paused run has lost nothing with its owner: it stays paused, and any process may take it over.
   */
  markCrashed(silentMs: number): RunSummary[];
  /** Is the owner of a live run gone, so that another process may answer for it? */
  isAbandoned(id: RunId, silentMs: number): boolean;
  getSummary(id: RunId): RunSummary;
  getDetail(id: RunId): RunDetail;
  list(query: RunsQuery): RunsPage;
  /**
   * The newest run of an experiment, and its best finished one: by dev accuracy, then dev loss, then training loss
   * (never by the test split, which must not choose). Deleted runs do not count.
   */
  newestAndBest(experiment: ExperimentKey): { newest: RunSummary | null; best: RunSummary | null };
  /** Every run made from an experiment of the gallery that is not deleted, by variant and seed. */
  runsOfExperiment(experimentId: string): RunSummary[];
  /** Several runs at once, in the order of the ids, without curves, model and log. */
  getRecords(ids: readonly RunId[]): RunRecord[];
  /** The curves of these names that each run has, all curves for null; runs in the order of the ids. */
  getCurves(ids: readonly RunId[], names: readonly CurveName[] | null): MetricSeries[][];
  /** The last value of each curve at or before an epoch of its run, in the order of what is asked. */
  getValues(asked: readonly { readonly id: RunId; readonly epoch: number }[]): CurveValue[][];
  getEpochTimes(ids: readonly RunId[]): EpochTimes[];
  /** Runs in a live state cannot be deleted (`conflict`). With one bad id nothing is deleted or restored. */
  delete(ids: readonly RunId[]): void;
  restore(ids: readonly RunId[]): void;
  /** Forgets deleted runs for good; returns their artifacts, which the caller removes. */
  purge(): { readonly runIds: RunId[]; readonly artifacts: Artifact[] };
  /** Changes when another process has written (heartbeats aside); compare with the last value. */
  dataVersion(): number;
  close(): void;
}
