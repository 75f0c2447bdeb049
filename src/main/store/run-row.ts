import { z } from 'zod';
import { engineKind } from '../../shared/schema/engine.ts';
import { runFailure, type RunState, type RunSummary } from '../../shared/schema/run.ts';
import { sparklineState, sparklineValues } from './sparkline.ts';

/** Columns of the table `run`. */
export interface RunRow {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly dataset: string;
  readonly experiment_group: string;
  readonly experiment_sha256: string;
  readonly experiment_id: string | null;
  readonly variant: string | null;
  readonly seed: number;
  readonly state: RunState;
  readonly epochs_done: number;
  readonly epochs_planned: number;
  readonly train_loss: number | null;
  readonly dev_loss: number | null;
  readonly test_loss: number | null;
  readonly train_accuracy: number | null;
  readonly dev_accuracy: number | null;
  readonly test_accuracy: number | null;
  readonly train_error: number | null;
  readonly dev_error: number | null;
  readonly test_error: number | null;
  readonly sparkline: string;
  readonly engine_kind: string | null;
  readonly duration_ms: number;
  readonly examples_per_second: number | null;
  readonly created_at: string;
  readonly finished_at: string | null;
  readonly tags: string;
  readonly notes: string;
  readonly failure: string | null;
  readonly deleted_at: string | null;
  readonly owner_pid: number;
  readonly heartbeat_at_ms: number;
}

const tagList = z.array(z.string());

/** A row as the rest of the program sees it. */
export function toSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    name: row.name,
    dataset: row.dataset,
    group: row.experiment_group,
    experimentSha256: row.experiment_sha256,
    experimentId: row.experiment_id,
    variant: row.variant,
    seed: row.seed,
    state: row.state,
    epochsDone: row.epochs_done,
    epochsPlanned: row.epochs_planned,
    headline: toHeadline(row),
    sparkline: sparklineValues(sparklineState.parse(JSON.parse(row.sparkline))),
    engineKind: row.engine_kind === null ? null : engineKind.parse(row.engine_kind),
    durationMs: row.duration_ms,
    examplesPerSecond: row.examples_per_second,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    tags: tagList.parse(JSON.parse(row.tags)),
    notes: row.notes,
    failure: row.failure === null ? null : runFailure.parse(JSON.parse(row.failure)),
    deletedAt: row.deleted_at,
  };
}

/** The headline kept in a row; its epoch is the last stored one. */
export function toHeadline(row: RunRow): RunSummary['headline'] {
  return {
    epoch: row.epochs_done,
    trainLoss: row.train_loss,
    devLoss: row.dev_loss,
    testLoss: row.test_loss,
    trainAccuracy: row.train_accuracy,
    devAccuracy: row.dev_accuracy,
    testAccuracy: row.test_accuracy,
    trainError: row.train_error,
    devError: row.dev_error,
    testError: row.test_error,
  };
}
