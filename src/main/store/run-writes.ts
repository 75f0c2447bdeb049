import { plannedEpochs } from '../../shared/experiment/planned-epochs.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import type { RunFailure, RunProvenance, RunState } from '../../shared/schema/run.ts';
import type { Connection } from './connection.ts';
import { toSummary, type RunRow } from './run-row.ts';
import { finalStates } from './run-state.ts';
import type { NewRun } from './run-store.ts';
import { searchTextOf } from './search-text.ts';
import { emptySparkline } from './sparkline.ts';

/** Inserts a queued run and its definition. */
export function insertRun(connection: Connection, run: NewRun, nowMs: number): void {
  const { name, group, data } = run.experiment;
  connection.run(
    `INSERT INTO run (id, name, dataset, experiment_group, experiment_sha256, experiment_id, variant, seed, state, epochs_planned, sparkline,
       created_at, owner_pid, heartbeat_at_ms, search_text)
     VALUES (@id, @name, @dataset, @group, @sha256, @experimentId, @variant, @seed, 'queued', @epochs, @sparkline,
       @createdAt, @ownerPid, @nowMs, @searchText)`,
    {
      id: run.id,
      name,
      dataset: data.dataset,
      group,
      sha256: run.experimentSha256,
      experimentId: run.experimentId,
      variant: run.variant,
      seed: run.seed,
      epochs: plannedEpochs(run.experiment),
      sparkline: JSON.stringify(emptySparkline),
      createdAt: new Date(nowMs).toISOString(),
      ownerPid: run.ownerPid,
      nowMs,
      searchText: searchTextOf({ id: run.id, name, tags: [], notes: '', dataset: data.dataset }),
    },
  );
  connection.run(
    `INSERT INTO run_definition (run_number, experiment, model)
     SELECT number, ?, ? FROM run WHERE id = ?`,
    [JSON.stringify(run.experiment), JSON.stringify(run.model), run.id],
  );
}

/** Writes a new state; the caller has checked that the run may take it. */
export function updateState(
  connection: Connection,
  runNumber: number,
  state: RunState,
  change: { failure?: RunFailure; durationMs?: number; ownerPid?: number },
  nowMs: number,
): void {
  connection.run(
    `UPDATE run SET state = @state, finished_at = @finishedAt, failure = @failure, heartbeat_at_ms = @nowMs,
       duration_ms = coalesce(@durationMs, duration_ms), owner_pid = coalesce(@ownerPid, owner_pid)
     WHERE number = @runNumber`,
    {
      runNumber,
      state,
      finishedAt: finalStates.includes(state) ? new Date(nowMs).toISOString() : null,
      failure: change.failure === undefined ? null : JSON.stringify(change.failure),
      durationMs: change.durationMs ?? null,
      ownerPid: change.ownerPid ?? null,
      nowMs,
    },
  );
}

/** Stores what a run is made with. */
export function updateProvenance(connection: Connection, runNumber: number, provenance: RunProvenance): void {
  connection.run('UPDATE run_definition SET provenance = ? WHERE run_number = ?', [
    JSON.stringify(provenance),
    runNumber,
  ]);
  connection.run('UPDATE run SET engine_kind = ? WHERE number = ?', [provenance.engine.kind, runNumber]);
}

/** Stores where a run's fitted preparation is. */
export function updatePreprocessing(
  connection: Connection,
  runNumber: number,
  preprocessing: Artifact,
): void {
  connection.run('UPDATE run_definition SET preprocessing = ? WHERE run_number = ?', [
    JSON.stringify(preprocessing),
    runNumber,
  ]);
}

/** Writes name, notes and tags, and what the search looks through. */
export function updateAnnotation(
  connection: Connection,
  row: RunRow,
  change: { name?: string; notes?: string; tags?: readonly string[] },
): void {
  const before = toSummary(row);
  const after = {
    ...before,
    name: change.name ?? before.name,
    notes: change.notes ?? before.notes,
    tags: [...new Set(change.tags ?? before.tags)],
  };
  connection.run('UPDATE run SET name = ?, notes = ?, tags = ?, search_text = ? WHERE number = ?', [
    after.name,
    after.notes,
    JSON.stringify(after.tags),
    searchTextOf(after),
    row.number,
  ]);
}
