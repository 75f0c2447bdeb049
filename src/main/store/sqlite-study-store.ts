import type { Database } from 'better-sqlite3';
import { StudioError } from '../../shared/ipc/errors.ts';
import { experiment } from '../../shared/schema/experiment.ts';
import type { RunFailure } from '../../shared/schema/run.ts';
import type {
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
import { Connection } from './connection.ts';
import { keepTimes, replayStudy } from './import-study.ts';
import { isOwnerGone, realSurroundings, type StoreSurroundings } from './owner.ts';
import {
  toFold,
  toOpening,
  toStudy,
  toTrial,
  type FoldRow,
  type StudyRow,
  type TrialRow,
} from './study-row.ts';
import type { NewStudy, NewTrial, StudyBeat, StudyStore } from './study-store.ts';
import { isBetterValue, judgeTrial } from './trial-judgement.ts';

const nextStates: Readonly<Record<StudyState, readonly StudyState[]>> = {
  running: ['paused', 'finished', 'cancelled', 'failed', 'crashed'],
  paused: ['running', 'cancelled'],
  crashed: ['running', 'cancelled'],
  failed: ['running'],
  cancelled: ['running'],
  finished: ['running'],
};

const ENDED: readonly StudyState[] = ['finished', 'cancelled', 'failed'];

/** The studies in SQLite, on the history's database; whoever opened that closes it. */
export class SqliteStudyStore implements StudyStore {
  readonly #connection: Connection;
  readonly #surroundings: StoreSurroundings;

  constructor(database: Database, surroundings: StoreSurroundings = realSurroundings) {
    this.#connection = new Connection(database);
    this.#surroundings = surroundings;
  }

  createStudy(study: NewStudy): StudySummary {
    const { name, data, search } = study.experiment;
    const nowMs = this.#surroundings.now();
    return this.#connection.writeQuietly(() => {
      this.#connection.run(
        `INSERT INTO study (id, name, experiment_id, dataset, experiment, state, seed, minimise, trials_planned,
           nets_per_trial, created_at, owner_pid, heartbeat_at_ms)
         VALUES (@id, @name, @experimentId, @dataset, @experiment, 'running', @seed, @minimise, @trials, @nets,
           @createdAt, @ownerPid, @nowMs)`,
        {
          id: study.id,
          name,
          experimentId: study.experimentId,
          dataset: data.dataset,
          experiment: JSON.stringify(study.experiment),
          seed: study.seed,
          minimise: search?.objective.direction === 'maximise' ? 0 : 1,
          trials: study.trialsPlanned,
          nets: study.netsPerTrial,
          createdAt: new Date(nowMs).toISOString(),
          ownerPid: study.ownerPid,
          nowMs,
        },
      );
      return this.#summary(study.id);
    });
  }

  setState(
    id: StudyId,
    state: StudyState,
    change: { failure?: RunFailure; durationMs?: number; ownerPid?: number } = {},
  ): StudySummary {
    return this.#change(id, (row) => {
      if (!nextStates[row.state].includes(state)) {
        throw new StudioError('conflict', `Study ${id}: cannot become ${state} while it is ${row.state}.`, {
          from: row.state,
          to: state,
        });
      }
      const nowMs = this.#surroundings.now();
      this.#connection.run(
        `UPDATE study SET state = @state, failure = @failure, finished_at = @finishedAt, heartbeat_at_ms = @nowMs,
           duration_ms = coalesce(@durationMs, duration_ms), owner_pid = coalesce(@ownerPid, owner_pid)
         WHERE number = @number`,
        {
          number: row.number,
          state,
          failure: change.failure === undefined ? null : JSON.stringify(change.failure),
          finishedAt: ENDED.includes(state) ? new Date(nowMs).toISOString() : null,
          durationMs: change.durationMs ?? null,
          ownerPid: change.ownerPid ?? null,
          nowMs,
        },
      );
    });
  }

  extend(id: StudyId, trials: number): StudySummary {
    return this.#change(id, ({ number }) =>
      this.#connection.run('UPDATE study SET trials_planned = trials_planned + ? WHERE number = ?', [
        trials,
        number,
      ]),
    );
  }

  addTrials(id: StudyId, trials: readonly NewTrial[]): void {
    this.#change(id, ({ number }) => {
      const known = this.#connection.first<{ count: number }>(
        'SELECT count(*) AS count FROM trial WHERE study_number = ?',
        [number],
      );
      trials.forEach((trial, at) => {
        const expected = (known?.count ?? 0) + at;
        if (trial.number !== expected) {
          throw new StudioError(
            'conflict',
            `Study ${id}: trial ${trial.number} was added, ${expected} comes next.`,
          );
        }
        this.#connection.run('INSERT INTO trial (study_number, number, point) VALUES (?, ?, ?)', [
          number,
          trial.number,
          JSON.stringify(trial.point),
        ]);
      });
    });
  }

  setTrialState(id: StudyId, trial: number, state: TrialState, failure?: RunFailure): TrialSummary {
    this.#change(id, (row) => {
      const before = this.#trial(row, trial);
      const nowMs = this.#surroundings.now();
      this.#connection.run(
        `UPDATE trial SET state = ?, failure = ?, started_at_ms = coalesce(started_at_ms, ?), ended_at_ms = ?
         WHERE study_number = ? AND number = ?`,
        [
          state,
          failure === undefined ? null : JSON.stringify(failure),
          state === 'running' ? nowMs : null,
          state === 'waiting' || state === 'running' ? null : nowMs,
          row.number,
          before.number,
        ],
      );
      this.#recount(row);
    });
    return this.#connection.read(() => this.#readTrial(this.#row(id), trial));
  }

  addFolds(id: StudyId, folds: readonly TrialFold[]): TrialSummary[] {
    const changed = [...new Set(folds.map(({ trial }) => trial))].sort((a, b) => a - b);
    this.#change(id, (row) => {
      for (const fold of folds) this.#insertFold(row, fold);
      for (const trial of changed) this.#judge(row, trial);
      this.#recount(row);
    });
    return this.#connection.read(() => {
      const row = this.#row(id);
      return changed.map((trial) => this.#readTrial(row, trial));
    });
  }

  addOpening(id: StudyId, { at, trial, runIds }: TestOpening): void {
    this.#change(id, ({ number }) =>
      this.#connection.run(
        'INSERT INTO test_opening (study_number, at, trial, run_ids) VALUES (?, ?, ?, ?)',
        [number, at, trial, JSON.stringify(runIds)],
      ),
    );
  }

  getSummary(id: StudyId): StudySummary {
    return this.#connection.read(() => this.#summary(id));
  }

  getDetail(id: StudyId): StudyDetail {
    return this.#connection.read(() => {
      const row = this.#row(id);
      const openings = this.#connection.all<{ at: string; trial: number; run_ids: string }>(
        'SELECT at, trial, run_ids FROM test_opening WHERE study_number = ? ORDER BY number',
        [row.number],
      );
      return {
        summary: this.#summary(id),
        experiment: experiment.parse(JSON.parse(row.experiment)),
        openings: openings.map(toOpening),
      };
    });
  }

  listStudies(deleted: boolean): StudySummary[] {
    const condition = deleted ? 'IS NOT NULL' : 'IS NULL';
    return this.#connection.read(() =>
      this.#connection
        .all<StudyRow>(`SELECT * FROM study WHERE deleted_at ${condition} ORDER BY created_at DESC, id DESC`)
        .map((row) => toStudy(row, this.#openings(row))),
    );
  }

  trials(id: StudyId, from: number, limit: number): TrialSummary[] {
    return this.#connection.read(() => {
      const row = this.#row(id);
      return this.#connection
        .all<TrialRow>('SELECT * FROM trial WHERE study_number = ? AND number >= ? ORDER BY number LIMIT ?', [
          row.number,
          from,
          limit,
        ])
        .map((trial) => toTrial(trial, row.nets_per_trial));
    });
  }

  folds(id: StudyId, trial: number | null): TrialFold[] {
    return this.#connection.read(() => this.#folds(this.#row(id), trial));
  }

  importStudy(study: WholeStudy): StudySummary {
    const { id, state } = study.summary;
    if (state === 'running') {
      throw new StudioError(
        'conflict',
        `Study ${id}: was running when it was exported; pause it there and export it again.`,
      );
    }
    return this.#connection.write(() => {
      replayStudy(this, study);
      keepTimes(this.#connection, study);
      return this.#summary(id);
    });
  }

  heartbeat(studies: readonly StudyBeat[], ownerPid: number): StudyId[] {
    if (studies.length === 0) return [];
    const nowMs = this.#surroundings.now();
    const sql = `UPDATE study SET heartbeat_at_ms = @nowMs, duration_ms = @durationMs
      WHERE id = @id AND owner_pid = @ownerPid AND state = 'running'`;
    return this.#connection.writeQuietly(() =>
      studies
        .filter(({ id, durationMs }) => this.#connection.run(sql, { nowMs, durationMs, id, ownerPid }) === 0)
        .map(({ id }) => id),
    );
  }

  isOwnedBy(id: StudyId, ownerPid: number): boolean {
    return this.#connection.read(() => {
      const row = this.#row(id);
      return row.state === 'running' && row.owner_pid === ownerPid;
    });
  }

  markCrashed(silentMs: number): StudySummary[] {
    const abandoned = this.#connection
      .read(() => this.#connection.all<StudyRow>("SELECT * FROM study WHERE state = 'running'"))
      .filter((row) => {
        const owner = { pid: row.owner_pid, heartbeatAtMs: row.heartbeat_at_ms };
        return isOwnerGone(owner, silentMs, this.#surroundings);
      });
    return abandoned.map((row) => this.setState(row.id, 'crashed'));
  }

  deleteStudies(ids: readonly StudyId[]): void {
    const deletedAt = new Date(this.#surroundings.now()).toISOString();
    this.#connection.writeQuietly(() => {
      for (const id of ids) {
        const { number, state } = this.#row(id);
        if (state === 'running') {
          throw new StudioError(
            'conflict',
            `Study ${id}: is running and cannot be deleted; cancel it first.`,
          );
        }
        this.#connection.run('UPDATE study SET deleted_at = ? WHERE number = ?', [deletedAt, number]);
      }
    });
  }

  restoreStudies(ids: readonly StudyId[]): void {
    this.#connection.writeQuietly(() => {
      for (const id of ids) {
        this.#connection.run('UPDATE study SET deleted_at = NULL WHERE number = ?', [this.#row(id).number]);
      }
    });
  }

  #insertFold({ id, number }: StudyRow, { trial, result }: TrialFold): void {
    const known = this.#connection.first(
      'SELECT 1 FROM fold WHERE study_number = ? AND trial = ? AND repeat = ? AND fold = ? AND seed = ?',
      [number, trial, result.repeat, result.fold, result.seed],
    );
    if (known !== undefined) {
      throw new StudioError(
        'conflict',
        `Study ${id}: trial ${trial} has a result of fold ${result.fold} (repeat ${result.repeat}, seed ${result.seed}) already.`,
      );
    }
    this.#connection.run(
      `INSERT INTO fold (study_number, trial, repeat, fold, seed, state, epochs, "values", curve, duration_ms, failure)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        number,
        trial,
        result.repeat,
        result.fold,
        result.seed,
        result.state,
        result.epochs,
        JSON.stringify(result.values),
        JSON.stringify(result.curve),
        result.durationMs,
        result.failure === null ? null : JSON.stringify(result.failure),
      ],
    );
  }

  /** Brings a trial up to what its nets say. */
  #judge(row: StudyRow, trial: number): void {
    const folds = this.#folds(row, trial).map(({ result }) => result);
    const { state: said, values, standardError } = judgeTrial(folds, row.nets_per_trial);
    const before = this.#trial(row, trial);
    // Nets that were training when their trial was ended may still come in.
    const state = said === 'running' && before.state === 'pruned' ? before.state : said;
    const nowMs = this.#surroundings.now();
    const failure = folds.find((fold) => fold.failure !== null)?.failure ?? null;
    this.#connection.run(
      `UPDATE trial SET state = @state, "values" = @values, standard_error = @standardError, nets_done = @nets,
         epochs = @epochs, started_at_ms = coalesce(started_at_ms, @startedAt), ended_at_ms = @endedAt, failure = @failure
       WHERE study_number = @study AND number = @trial`,
      {
        study: row.number,
        trial: before.number,
        state,
        values: JSON.stringify(values),
        standardError,
        nets: folds.length,
        epochs: folds.reduce((sum, { epochs }) => sum + epochs, 0),
        // Nets that trained as one are told of together, each with its part of their time.
        startedAt: nowMs - folds.reduce((sum, { durationMs }) => sum + durationMs, 0),
        endedAt: state === 'running' ? null : nowMs,
        failure: failure === null ? null : JSON.stringify(failure),
      },
    );
  }

  /** Brings the study's counts and best trial up to its trials. */
  #recount({ number, minimise }: StudyRow): void {
    const trials = this.#connection.all<{ number: number; values: string }>(
      `SELECT number, "values" FROM trial WHERE study_number = ? AND state = 'finished' ORDER BY number`,
      [number],
    );
    let best: { trial: number; value: number } | null = null;
    for (const trial of trials) {
      const [value] = JSON.parse(trial.values) as (number | null)[];
      if (value === null || value === undefined) continue;
      if (isBetterValue(value, best?.value ?? null, minimise === 1)) best = { trial: trial.number, value };
    }
    this.#connection.run(
      `UPDATE study SET best_trial = @trial, best_value = @value,
         (trials_done, trials_pruned, trials_failed, nets_done, epochs_done) =
           (SELECT coalesce(sum(state = 'finished'), 0), coalesce(sum(state = 'pruned'), 0),
              coalesce(sum(state = 'failed'), 0), coalesce(sum(nets_done), 0), coalesce(sum(epochs), 0)
            FROM trial WHERE study_number = @number)
       WHERE number = @number`,
      { number, trial: best?.trial ?? null, value: best?.value ?? null },
    );
  }

  #folds({ number }: StudyRow, trial: number | null): TrialFold[] {
    const where = trial === null ? '' : ' AND trial = @trial';
    return this.#connection
      .all<FoldRow>(
        `SELECT * FROM fold WHERE study_number = @number${where} ORDER BY trial, repeat, fold, seed`,
        trial === null ? { number } : { number, trial },
      )
      .map(toFold);
  }

  #readTrial(row: StudyRow, trial: number): TrialSummary {
    return toTrial(this.#trial(row, trial), row.nets_per_trial);
  }

  #trial({ id, number }: StudyRow, trial: number): TrialRow {
    const row = this.#connection.first<TrialRow>(
      'SELECT * FROM trial WHERE study_number = ? AND number = ?',
      [number, trial],
    );
    if (row !== undefined) return row;
    throw new StudioError('not-found', `Study ${id}: has no trial ${trial}.`, { studyId: id, trial });
  }

  #openings({ number }: StudyRow): number {
    const sql = 'SELECT count(*) AS count FROM test_opening WHERE study_number = ?';
    return this.#connection.first<{ count: number }>(sql, [number])?.count ?? 0;
  }

  #summary(id: StudyId): StudySummary {
    const row = this.#row(id);
    return toStudy(row, this.#openings(row));
  }

  #change(id: StudyId, change: (row: StudyRow) => void): StudySummary {
    return this.#connection.writeQuietly(() => {
      change(this.#row(id));
      return this.#summary(id);
    });
  }

  #row(id: StudyId): StudyRow {
    const row = this.#connection.first<StudyRow>('SELECT * FROM study WHERE id = ?', [id]);
    if (row !== undefined) return row;
    throw new StudioError('not-found', `History: there is no study ${id}.`, { studyId: id });
  }
}
