/**
 * Makes a history of 10,000 finished runs with 1,020,000 points through the run store, once for each way of making it:
 * `node bench/history/make-history.ts FOLDER [RUNS]`. No run has checkpoints.
 */
import BetterSqlite3 from 'better-sqlite3';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { summariseModel } from '../../src/main/model/index.ts';
import { configureConnection, migrate, SCHEMA_VERSION } from '../../src/main/store/schema.ts';
import { SqliteRunStore } from '../../src/main/store/sqlite-run-store.ts';
import { storePaths } from '../../src/main/store/store-paths.ts';
import { experimentSha256 } from '../../src/main/studio/experiment-hash.ts';
import { experiment, type Experiment } from '../../src/shared/schema/experiment.ts';
import type { RunProvenance } from '../../src/shared/schema/run.ts';
import { makeRun, RUNS, type HistoryRun } from './history-runs.ts';

/** Of the way runs are made; histories of another are made anew. */
const RECIPE = 1;
const RUNS_PER_TRANSACTION = 200;
const EPOCH_MS = 2_000;

const provenance: RunProvenance = {
  dataSha256: 'd'.repeat(64),
  splitSha256: 'e'.repeat(64),
  engine: {
    kind: 'cpu',
    version: '2.21.0',
    device: { name: 'CPU', kind: 'cpu', memoryBytes: null },
    threads: 2,
  },
  executor: 'xla',
  stepsPerCall: 100,
  appVersion: '0.1.0',
};

function storeRun(store: SqliteRunStore, run: HistoryRun): void {
  const { id, experiment: made, seed } = run;
  store.createRun({
    id,
    experiment: made,
    experimentSha256: experimentSha256(made),
    model: summariseModel(made.model, [28, 28, 1]),
    seed,
    experimentId: null,
    variant: null,
    ownerPid: process.pid,
  });
  store.setState(id, 'running');
  store.setProvenance(id, provenance);
  run.epochs.forEach((points, i) => {
    const epoch = { epoch: i + 1, step: points[0]!.step, durationMs: EPOCH_MS, examplesPerSecond: 27_000 };
    store.appendEpoch(id, {
      epoch: { ...epoch, checkpoint: null, best: i + 1 === run.epochs.length },
      points,
      durationMs: EPOCH_MS * (i + 1),
    });
  });
  store.appendFinalPoints(id, run.finalPoints);
  store.setState(id, 'finished');
}

async function fill(path: string, runs: number): Promise<void> {
  const file = join(import.meta.dirname, '..', '..', 'resources', 'experiments', 'mnist-mlp.json');
  const base = experiment.parse(JSON.parse(await readFile(file, 'utf8')));
  const database = new BetterSqlite3(path);
  configureConnection(database);
  // What a power cut leaves of a benchmark's data is of no interest.
  database.pragma('synchronous = OFF');
  migrate(database);
  let nowMs = Date.UTC(2026, 0, 1);
  const store = new SqliteRunStore(database, { now: () => nowMs, isProcessAlive: () => true });
  const made = new Map<number, Experiment>();
  for (let from = 0; from < runs; from += RUNS_PER_TRANSACTION) {
    database.transaction(() => {
      for (let index = from; index < Math.min(runs, from + RUNS_PER_TRANSACTION); index++) {
        nowMs += 60_000;
        storeRun(store, makeRun(base, index, made));
      }
    })();
    if (from % 1_000 === 0) process.stderr.write(`History: ${from} of ${runs} runs\r`);
  }
  database.pragma('wal_checkpoint(TRUNCATE)');
  store.close();
}

/**
 * The folder of a made history, a data folder for the studio; it is made where it is not there yet.
 * @param directory where such folders are kept
 */
export async function ensureHistory(directory: string, runs: number = RUNS): Promise<string> {
  const folder = join(directory, `history-${runs}-v${SCHEMA_VERSION}.${RECIPE}`);
  const { database } = storePaths(folder);
  if (existsSync(database)) return folder;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${database}.making`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(unfinished + suffix, { force: true });
  await fill(unfinished, runs);
  renameSync(unfinished, database);
  return folder;
}

if (import.meta.main) {
  const [folder, runs] = process.argv.slice(2);
  if (folder === undefined) throw new Error('make-history: found no folder, expected FOLDER [RUNS]');
  process.stdout.write(`${await ensureHistory(folder, runs === undefined ? RUNS : Number(runs))}\n`);
}
