import { z } from 'zod';
import { runFailure, runId } from '../../shared/schema/run.ts';
import {
  foldResult,
  searchPoint,
  type FoldResult,
  type StudyState,
  type StudySummary,
  type TestOpening,
  type TrialFold,
  type TrialState,
  type TrialSummary,
} from '../../shared/schema/study.ts';

/** Columns of the table `study`. */
export interface StudyRow {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly experiment_id: string | null;
  readonly dataset: string;
  readonly experiment: string;
  readonly state: StudyState;
  readonly seed: number;
  readonly minimise: 0 | 1;
  readonly trials_planned: number;
  readonly nets_per_trial: number;
  readonly trials_done: number;
  readonly trials_pruned: number;
  readonly trials_failed: number;
  readonly nets_done: number;
  readonly epochs_done: number;
  readonly best_trial: number | null;
  readonly best_value: number | null;
  readonly duration_ms: number;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly failure: string | null;
  readonly deleted_at: string | null;
  readonly owner_pid: number;
  readonly heartbeat_at_ms: number;
}

/** Columns of the table `trial`. */
export interface TrialRow {
  readonly number: number;
  readonly point: string;
  readonly state: TrialState;
  readonly values: string;
  readonly standard_error: number | null;
  readonly nets_done: number;
  readonly epochs: number;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly failure: string | null;
}

/** Columns of the table `fold`. */
export interface FoldRow {
  readonly trial: number;
  readonly repeat: number;
  readonly fold: number;
  readonly seed: number;
  readonly state: FoldResult['state'];
  readonly epochs: number;
  readonly values: string;
  readonly curve: string;
  readonly duration_ms: number;
  readonly failure: string | null;
}

const numbers = z.array(z.number().nullable());
const { curve: curveSchema } = foldResult.shape;
const runIds = z.array(runId);

function parseFailure(text: string | null): FoldResult['failure'] {
  return text === null ? null : runFailure.parse(JSON.parse(text));
}

/** A study's row as the rest of the program sees it. */
export function toStudy(row: StudyRow, openings: number): StudySummary {
  return {
    id: row.id,
    name: row.name,
    experimentId: row.experiment_id,
    dataset: row.dataset,
    state: row.state,
    seed: row.seed,
    trialsPlanned: row.trials_planned,
    trialsDone: row.trials_done,
    trialsPruned: row.trials_pruned,
    trialsFailed: row.trials_failed,
    netsPlanned: row.trials_planned * row.nets_per_trial,
    netsDone: row.nets_done,
    epochsDone: row.epochs_done,
    bestTrial: row.best_trial,
    bestValue: row.best_value,
    testOpenings: openings,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
    failure: parseFailure(row.failure),
    deletedAt: row.deleted_at,
  };
}

/** A trial's row as the rest of the program sees it. */
export function toTrial(row: TrialRow, netsPlanned: number): TrialSummary {
  return {
    number: row.number,
    point: searchPoint.parse(JSON.parse(row.point)),
    state: row.state,
    values: numbers.parse(JSON.parse(row.values)),
    standardError: row.standard_error,
    netsDone: row.nets_done,
    netsPlanned,
    epochs: row.epochs,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    failure: parseFailure(row.failure),
  };
}

/** A net's result with its trial. */
export function toFold(row: FoldRow): TrialFold {
  const { trial, repeat, fold, seed, state, epochs } = row;
  return {
    trial,
    result: {
      repeat,
      fold,
      seed,
      state,
      epochs,
      values: numbers.parse(JSON.parse(row.values)),
      curve: curveSchema.parse(JSON.parse(row.curve)),
      durationMs: row.duration_ms,
      failure: parseFailure(row.failure),
    },
  };
}

/** A row of `test_opening`. */
export function toOpening(row: { at: string; trial: number; run_ids: string }): TestOpening {
  return { at: row.at, trial: row.trial, runIds: runIds.parse(JSON.parse(row.run_ids)) };
}
