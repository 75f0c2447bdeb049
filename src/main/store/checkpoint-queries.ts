import { artifact, type Artifact } from '../../shared/schema/artifact.ts';
import type { Connection } from './connection.ts';
import type { PausePoint } from './run-store.ts';

/** A checkpoint and the training step it was taken after. */
export interface StoredCheckpoint {
  readonly step: number;
  readonly checkpoint: Artifact;
}

interface CheckpointRow {
  readonly step: number;
  readonly checkpoint: string;
}

function parseArtifact(text: string): Artifact {
  return artifact.parse(JSON.parse(text));
}

function toCheckpoint(row: CheckpointRow | undefined): StoredCheckpoint | null {
  return row === undefined ? null : { step: row.step, checkpoint: parseArtifact(row.checkpoint) };
}

/** The checkpoint taken when the run was last paused within an epoch; null for none. */
export function readPausePoint(connection: Connection, runNumber: number): StoredCheckpoint | null {
  return toCheckpoint(
    connection.first('SELECT step, checkpoint FROM pause_point WHERE run_number = ?', [runNumber]),
  );
}

/** Replaces the pause point; the caller holds the transaction. */
export function writePausePoint(connection: Connection, runNumber: number, point: PausePoint | null): void {
  connection.run('DELETE FROM pause_point WHERE run_number = ?', [runNumber]);
  if (point === null) return;
  connection.run('INSERT INTO pause_point (run_number, step, checkpoint) VALUES (?, ?, ?)', [
    runNumber,
    point.step,
    JSON.stringify(point.checkpoint),
  ]);
  connection.run('UPDATE run SET duration_ms = ? WHERE number = ?', [point.durationMs, runNumber]);
}

/** The newest checkpoint of a run, of an epoch or of a pause. */
export function readLatestCheckpoint(connection: Connection, runNumber: number): StoredCheckpoint | null {
  const epoch = toCheckpoint(
    connection.first(
      `SELECT step, checkpoint FROM epoch WHERE run_number = ? AND checkpoint IS NOT NULL
       ORDER BY epoch DESC LIMIT 1`,
      [runNumber],
    ),
  );
  const paused = readPausePoint(connection, runNumber);
  if (paused === null) return epoch;
  return epoch !== null && epoch.step >= paused.step ? epoch : paused;
}

/** Forgets all checkpoints but the last epoch's and the last best one's; returns the forgotten. */
export function releaseCheckpoints(connection: Connection, runNumber: number): Artifact[] {
  const rows = connection.all<{ epoch: number; best: number; checkpoint: string }>(
    `SELECT epoch, best, checkpoint FROM epoch WHERE run_number = ? AND checkpoint IS NOT NULL ORDER BY epoch`,
    [runNumber],
  );
  const best = rows.findLast((row) => row.best === 1);
  const released = rows.slice(0, -1).filter((row) => row !== best);
  for (const row of released) {
    connection.run('UPDATE epoch SET checkpoint = NULL WHERE run_number = ? AND epoch = ?', [
      runNumber,
      row.epoch,
    ]);
  }
  return released.map((row) => parseArtifact(row.checkpoint));
}

/** Every file of a run that the database names. */
export function readArtifacts(connection: Connection, runNumber: number): Artifact[] {
  const rows = connection.all<{ artifact: string }>(
    `SELECT checkpoint AS artifact FROM epoch WHERE run_number = @runNumber AND checkpoint IS NOT NULL
     UNION ALL SELECT checkpoint FROM pause_point WHERE run_number = @runNumber
     UNION ALL SELECT preprocessing FROM run_definition
       WHERE run_number = @runNumber AND preprocessing IS NOT NULL`,
    { runNumber },
  );
  return rows.map((row) => parseArtifact(row.artifact));
}
