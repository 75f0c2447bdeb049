import type { Experiment } from '../../shared/schema/experiment.ts';
import type { RunFailure } from '../../shared/schema/run.ts';
import type {
  SearchPoint,
  StudyDetail,
  StudyId,
  StudyState,
  StudySummary,
  TestOpening,
  TrialFold,
  TrialState,
  TrialSummary,
  WholeStudy,
} from '../../shared/schema/study.ts';

export interface NewStudy {
  readonly id: StudyId;
  /** With its search. */
  readonly experiment: Experiment;
  readonly experimentId: string | null;
  readonly seed: number;
  readonly trialsPlanned: number;
  readonly netsPerTrial: number;
  readonly ownerPid: number;
}

export interface NewTrial {
  readonly number: number;
  readonly point: SearchPoint;
}

/** A study that is worked on. */
export interface StudyBeat {
  readonly id: StudyId;
  /** Time spent working until now, without pauses. */
  readonly durationMs: number;
}

/**
 * The studies. Invariants, which its tests check:
 * - A method that returned has stored its effect: a crash or `kill -9` right after loses nothing.
 * - A fold's result is written once; a second one for the same trial, fold, repeat and seed is refused with `conflict`.
 *   The trial's and the study's counts and values change in the same transaction.
 * - Trials are numbered from 0 without gaps, and a trial's point never changes.
 * - Unknown ids are refused with `not-found`.
 */
export interface StudyStore {
  createStudy(study: NewStudy): StudySummary;
  /** `ownerPid` hands it to the process that goes on with it. */
  setState(
    id: StudyId,
    state: StudyState,
    change?: { failure?: RunFailure; durationMs?: number; ownerPid?: number },
  ): StudySummary;
  /** More trials are planned; a finished study may then run again. */
  extend(id: StudyId, trials: number): StudySummary;
  /** Stores drawn points before any of their nets is trained. */
  addTrials(id: StudyId, trials: readonly NewTrial[]): void;
  setTrialState(id: StudyId, trial: number, state: TrialState, failure?: RunFailure): TrialSummary;
  /** Results of one trial or many, in one transaction; returns the trials they changed. */
  addFolds(id: StudyId, folds: readonly TrialFold[]): TrialSummary[];
  addOpening(id: StudyId, opening: TestOpening): void;
  getSummary(id: StudyId): StudySummary;
  getDetail(id: StudyId): StudyDetail;
  listStudies(deleted: boolean): StudySummary[];
  trials(id: StudyId, from: number, limit: number): TrialSummary[];
  /** Of one trial, or of all of them by trial number. */
  folds(id: StudyId, trial: number | null): TrialFold[];
  /** Takes in a study of another store, with its times; whole or not at all. One that was running there is refused. */
  importStudy(study: WholeStudy): StudySummary;
  /**
   * The owner lives, and has worked on these studies for so long, all in all. Those that are not its own or do not run
   * any more are left as they are, and returned.
   */
  heartbeat(studies: readonly StudyBeat[], ownerPid: number): StudyId[];
  /** Does the study run, and is it this process that answers for it? */
  isOwnedBy(id: StudyId, ownerPid: number): boolean;
  /** Running studies whose owner is gone become crashed; returns them. */
  markCrashed(silentMs: number): StudySummary[];
  deleteStudies(ids: readonly StudyId[]): void;
  restoreStudies(ids: readonly StudyId[]): void;
}
