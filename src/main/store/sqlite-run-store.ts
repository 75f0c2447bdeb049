import type { Database } from 'better-sqlite3';
import { StudioError } from '../../shared/ipc/errors.ts';
import type { Artifact } from '../../shared/schema/artifact.ts';
import type { MetricPoint, MetricSeries } from '../../shared/schema/metric.ts';
import type {
  LogLine,
  RunDetail,
  RunFailure,
  RunId,
  RunProvenance,
  RunsPage,
  RunsQuery,
  RunState,
  RunSummary,
} from '../../shared/schema/run.ts';
import {
  readArtifacts,
  readLatestCheckpoint,
  readPausePoint,
  releaseCheckpoints,
  writePausePoint,
} from './checkpoint-queries.ts';
import { Connection } from './connection.ts';
import { writeEpoch, writePoints } from './epoch-writes.ts';
import { replayRun } from './import-run.ts';
import { isOwnerGone, realSurroundings, type StoreSurroundings } from './owner.ts';
import { readDetail, readPoints, toSeries } from './run-detail-query.ts';
import { readPage } from './run-page.ts';
import {
  readCurve,
  readEpochTimes,
  readNumbers,
  readRecords,
  readValues,
  type CurveName,
  type CurveValue,
  type EpochTimes,
  type RunRecord,
} from './run-records.ts';
import { toSummary, type RunRow } from './run-row.ts';
import {
  checkDeletable,
  checkEnded,
  checkNextEpoch,
  checkNotFinal,
  checkStateChange,
  liveStates,
  unknownRun,
} from './run-state.ts';
import type { EpochRecord, ExperimentKey, NewRun, PausePoint, RunStore } from './run-store.ts';
import {
  insertRun,
  updateAnnotation,
  updatePreprocessing,
  updateProvenance,
  updateState,
} from './run-writes.ts';

/** The run history in SQLite. Several processes may each hold one on the same file. */
export class SqliteRunStore implements RunStore {
  readonly #connection: Connection;
  readonly #surroundings: StoreSurroundings;

  /** Takes over an opened, migrated database (see `open-store.ts`) and closes it in `close`. */
  constructor(database: Database, surroundings: StoreSurroundings = realSurroundings) {
    this.#connection = new Connection(database);
    this.#surroundings = surroundings;
  }

  createRun(run: NewRun): RunSummary {
    return this.#connection.write(() => {
      if (this.#connection.first('SELECT 1 FROM run WHERE id = ?', [run.id]) !== undefined) {
        throw new StudioError('conflict', `Run ${run.id}: exists already; a new run needs an id of its own.`);
      }
      insertRun(this.#connection, run, this.#surroundings.now());
      return toSummary(this.#row(run.id));
    });
  }

  importRun(run: RunDetail): RunSummary {
    const { id, state, createdAt, finishedAt } = run.summary;
    checkEnded(id, state);
    return this.#connection.write(() => {
      replayRun(this, run);
      return this.#change(id, (row) =>
        this.#connection.run('UPDATE run SET created_at = ?, finished_at = ? WHERE number = ?', [
          createdAt,
          finishedAt,
          row.number,
        ]),
      );
    });
  }

  setState(
    id: RunId,
    state: RunState,
    change: { failure?: RunFailure; durationMs?: number; ownerPid?: number } = {},
  ): RunSummary {
    return this.#change(id, (row) => {
      checkStateChange(id, row.state, state);
      updateState(this.#connection, row.number, state, change, this.#surroundings.now());
    });
  }

  setProvenance(id: RunId, provenance: RunProvenance): void {
    this.#change(id, (row) => {
      checkNotFinal(id, row.state, 'provenance');
      updateProvenance(this.#connection, row.number, provenance);
    });
  }

  setPreprocessing(id: RunId, preprocessing: Artifact): void {
    this.#change(id, (row) => {
      checkNotFinal(id, row.state, 'preprocessing');
      updatePreprocessing(this.#connection, row.number, preprocessing);
    });
  }

  appendEpoch(id: RunId, record: EpochRecord): RunSummary {
    return this.#change(id, (row) => {
      checkNotFinal(id, row.state, 'epochs');
      checkNextEpoch(id, row.epochs_done, record.epoch.epoch);
      writeEpoch(this.#connection, row, record);
    });
  }

  appendFinalPoints(id: RunId, points: readonly MetricPoint[]): RunSummary {
    return this.#change(id, (row) => {
      checkNotFinal(id, row.state, 'points');
      writePoints(this.#connection, row, row.epochs_done, points);
    });
  }

  setPausePoint(id: RunId, point: PausePoint | null): Artifact | null {
    return this.#connection.write(() => {
      const row = this.#row(id);
      checkNotFinal(id, row.state, 'pause point');
      const replaced = readPausePoint(this.#connection, row.number);
      writePausePoint(this.#connection, row.number, point);
      return replaced?.checkpoint ?? null;
    });
  }

  latestCheckpoint(id: RunId): { readonly step: number; readonly checkpoint: Artifact } | null {
    return this.#connection.read(() => readLatestCheckpoint(this.#connection, this.#row(id).number));
  }

  releaseCheckpoints(id: RunId): Artifact[] {
    return this.#connection.write(() => releaseCheckpoints(this.#connection, this.#row(id).number));
  }

  appendLog(id: RunId, lines: readonly LogLine[]): void {
    this.#connection.write(() => {
      const row = this.#row(id);
      checkNotFinal(id, row.state, 'log lines');
      for (const line of lines) {
        this.#connection.run('INSERT INTO log_line (run_number, at, level, text) VALUES (?, ?, ?, ?)', [
          row.number,
          line.at,
          line.level,
          line.text,
        ]);
      }
    });
  }

  annotate(id: RunId, change: { name?: string; notes?: string; tags?: readonly string[] }): RunSummary {
    return this.#change(id, (row) => updateAnnotation(this.#connection, row, change));
  }

  heartbeat(ids: readonly RunId[], ownerPid: number): void {
    if (ids.length === 0) return;
    this.#connection.writeQuietly(() => {
      for (const id of ids) {
        this.#connection.run(
          `UPDATE run SET heartbeat_at_ms = ? WHERE id = ? AND owner_pid = ?
             AND state IN ('queued', 'running', 'paused')`,
          [this.#surroundings.now(), id, ownerPid],
        );
      }
    });
  }

  markCrashed(silentMs: number): RunSummary[] {
    const abandoned = (): RunRow[] =>
      this.#connection
        .all<RunRow>("SELECT * FROM run WHERE state IN ('queued', 'running') ORDER BY id")
        .filter((row) => this.#isAbandoned(row, silentMs));
    if (this.#connection.read(abandoned).length === 0) return [];
    return this.#connection.write(() =>
      abandoned().map((row) => {
        updateState(this.#connection, row.number, 'crashed', {}, this.#surroundings.now());
        return toSummary(this.#row(row.id));
      }),
    );
  }

  isAbandoned(id: RunId, silentMs: number): boolean {
    const row = this.#connection.read(() => this.#row(id));
    return liveStates.includes(row.state) && this.#isAbandoned(row, silentMs);
  }

  getSummary(id: RunId): RunSummary {
    return this.#connection.read(() => toSummary(this.#row(id)));
  }

  getDetail(id: RunId): RunDetail {
    return this.#connection.read(() => readDetail(this.#connection, this.#row(id)));
  }

  list(query: RunsQuery): RunsPage {
    return this.#connection.read(() => readPage(this.#connection, query));
  }

  newestAndBest({ experimentSha256, experimentId }: ExperimentKey): {
    newest: RunSummary | null;
    best: RunSummary | null;
  } {
    const first = (rest: string): RunSummary | null => {
      const sql = `SELECT * FROM run WHERE (experiment_sha256 = ? OR experiment_id = ?) AND deleted_at IS NULL
         ${rest} LIMIT 1`;
      const row = this.#connection.first<RunRow>(sql, [experimentSha256, experimentId]);
      return row === undefined ? null : toSummary(row);
    };
    return this.#connection.read(() => ({
      newest: first('ORDER BY created_at DESC, id DESC'),
      best: first(
        `AND state = 'finished' ORDER BY dev_accuracy DESC NULLS LAST, dev_loss ASC NULLS LAST,
           train_loss ASC NULLS LAST, id DESC`,
      ),
    }));
  }

  runsOfExperiment(experimentId: string): RunSummary[] {
    const sql = `SELECT * FROM run WHERE experiment_id = ? AND deleted_at IS NULL
       ORDER BY coalesce(variant, ''), seed, id`;
    return this.#connection.read(() => this.#connection.all<RunRow>(sql, [experimentId]).map(toSummary));
  }

  getRecords(ids: readonly RunId[]): RunRecord[] {
    return this.#connection.read(() => readRecords(this.#connection, ids));
  }

  getCurves(ids: readonly RunId[], names: readonly CurveName[] | null): MetricSeries[][] {
    const connection = this.#connection;
    return connection.read(() =>
      readNumbers(connection, ids).map((number) =>
        names === null
          ? toSeries(readPoints(connection, number))
          : names.flatMap((name) => readCurve(connection, number, name) ?? []),
      ),
    );
  }

  getValues(asked: readonly { readonly id: RunId; readonly epoch: number }[]): CurveValue[][] {
    return this.#connection.read(() => {
      const ids = asked.map(({ id }) => id);
      return readNumbers(this.#connection, ids).map((number, i) =>
        readValues(this.#connection, number, asked[i]!.epoch),
      );
    });
  }

  getEpochTimes(ids: readonly RunId[]): EpochTimes[] {
    return this.#connection.read(() =>
      readNumbers(this.#connection, ids).map((number) => readEpochTimes(this.#connection, number)),
    );
  }

  delete(ids: readonly RunId[]): void {
    this.#connection.write(() => {
      const deletedAt = new Date(this.#surroundings.now()).toISOString();
      for (const id of ids) {
        const row = this.#row(id);
        checkDeletable(id, row.state);
        this.#connection.run('UPDATE run SET deleted_at = ? WHERE number = ?', [deletedAt, row.number]);
      }
    });
  }

  restore(ids: readonly RunId[]): void {
    this.#connection.write(() => {
      for (const id of ids) {
        this.#connection.run('UPDATE run SET deleted_at = NULL WHERE number = ?', [this.#row(id).number]);
      }
    });
  }

  purge(): { readonly runIds: RunId[]; readonly artifacts: Artifact[] } {
    return this.#connection.write(() => {
      const rows = this.#connection.all<RunRow>('SELECT * FROM run WHERE deleted_at IS NOT NULL ORDER BY id');
      const artifacts = rows.flatMap((row) => readArtifacts(this.#connection, row.number));
      for (const row of rows) this.#connection.run('DELETE FROM run WHERE number = ?', [row.number]);
      return { runIds: rows.map((row) => row.id), artifacts };
    });
  }

  dataVersion(): number {
    return this.#connection.foreignRevision();
  }

  close(): void {
    this.#connection.close();
  }

  /** Changes one run in a transaction and returns it as it is then. */
  #change(id: RunId, change: (row: RunRow) => void): RunSummary {
    return this.#connection.write(() => {
      change(this.#row(id));
      return toSummary(this.#row(id));
    });
  }

  #row(id: RunId): RunRow {
    const row = this.#connection.first<RunRow>('SELECT * FROM run WHERE id = ?', [id]);
    if (row === undefined) throw unknownRun(id);
    return row;
  }

  #isAbandoned(row: RunRow, silentMs: number): boolean {
    const owner = { pid: row.owner_pid, heartbeatAtMs: row.heartbeat_at_ms };
    return isOwnerGone(owner, silentMs, this.#surroundings);
  }
}
