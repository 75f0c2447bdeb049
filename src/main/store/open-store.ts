import BetterSqlite3, { type Database } from 'better-sqlite3';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { StudioError } from '../../shared/ipc/errors.ts';
import { ArtifactFiles } from './artifacts.ts';
import { Backups, copyContentFrom, migratedCopy, type Backup } from './backups.ts';
import { findDamage, moveAside } from './damage.ts';
import { realSurroundings, type StoreSurroundings } from './owner.ts';
import { configureConnection, migrate } from './schema.ts';
import { describeSqliteError } from './sqlite-error.ts';
import { SqliteRunStore } from './sqlite-run-store.ts';
import { SqliteStudyStore } from './sqlite-study-store.ts';
import { fileTimestamp, storePaths } from './store-paths.ts';

/** What happened to a damaged history when the store was opened. */
export interface DamageReport {
  /** What SQLite found. */
  readonly finding: string;
  /** Where the damaged file lies now. */
  readonly movedTo: string;
  /** The newest backup, which may be restored; null for none. */
  readonly newestBackup: string | null;
}

/** An opened history with the files around it. */
export interface OpenStore {
  readonly runs: SqliteRunStore;
  /** On the same database. */
  readonly studies: SqliteStudyStore;
  readonly artifacts: ArtifactFiles;
  /** Null when the history was sound. */
  readonly damage: DamageReport | null;
  /** Bytes of the database with its write-ahead log. */
  databaseBytes(): number;
  createBackup(): Promise<Backup>;
  /** Makes a backup if the newest is older than a day and there is something to save; null otherwise. */
  createDailyBackup(): Promise<Backup | null>;
  /**
   * Replaces the history by a backup, for all processes at once, and keeps the replaced one beside it.
   * @returns the path of the replaced history
   * @throws StudioError 'conflict' while a run is live, and as `Backups.check`
   */
  restoreBackup(backupPath: string): Promise<string>;
  close(): void;
}

/**
 * Opens the history under a data folder, making it where there is none. A damaged one is moved aside, never deleted,
 * and a new one begun.
 * @throws StudioError 'unsupported' for a history of a newer version (left untouched), 'disk-full' and 'forbidden'
 * where the folder cannot be written
 */
export function openStore(
  dataDirectory: string,
  surroundings: StoreSurroundings = realSurroundings,
): OpenStore {
  const paths = storePaths(dataDirectory);
  const backups = new Backups(paths.backups, surroundings.now);
  makeFolder(dataDirectory);
  const damage = setAsideIfDamaged(paths.database, backups, surroundings);
  const database = openDatabase(paths.database);
  const runs = new SqliteRunStore(database, surroundings);
  return {
    runs,
    studies: new SqliteStudyStore(database, surroundings),
    artifacts: new ArtifactFiles(paths.artifacts),
    damage,
    databaseBytes: () => fileBytes(paths.database) + fileBytes(`${paths.database}-wal`),
    createBackup: () => backups.create(database),
    createDailyBackup: async () => {
      const isEmpty = database.prepare('SELECT 1 FROM run LIMIT 1').get() === undefined;
      return isEmpty || !backups.isDue() ? null : backups.create(database);
    },
    restoreBackup: (path) => restore(path, database, backups, surroundings.now()),
    close: () => runs.close(),
  };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError(
      'forbidden',
      `Storage: cannot make the data folder ${path} (${reason}); set EPOCH_STUDIO_HOME to a folder that can be written.`,
      { path },
      { cause: error },
    );
  }
}

function setAsideIfDamaged(
  path: string,
  backups: Backups,
  surroundings: StoreSurroundings,
): DamageReport | null {
  const newestBackup = backups.list()[0]?.path ?? null;
  const finding = isEmptied(path, newestBackup) ? 'the file is empty' : findDamageOrExplain(path);
  if (finding === null) return null;
  return { finding, movedTo: moveAside(path, 'damaged', surroundings.now()), newestBackup };
}

/** SQLite takes an empty file for a new database; where there are backups, it is a lost one. */
function isEmptied(path: string, newestBackup: string | null): boolean {
  return newestBackup !== null && existsSync(path) && statSync(path).size === 0 && !existsSync(`${path}-wal`);
}

function findDamageOrExplain(path: string): string | null {
  try {
    return findDamage(path);
  } catch (error) {
    throw describeSqliteError(error);
  }
}

function openDatabase(path: string): Database {
  try {
    const database = new BetterSqlite3(path, { timeout: 10_000 });
    configureConnection(database);
    migrate(database);
    return database;
  } catch (error) {
    throw describeSqliteError(error);
  }
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function restore(
  backupPath: string,
  database: Database,
  backups: Backups,
  nowMs: number,
): Promise<string> {
  backups.check(backupPath);
  refuseWhileLive(database);
  const stem = database.name.replace(/\.db$/, '');
  const replaced = `${stem}.replaced-${fileTimestamp(nowMs)}.db`;
  const temporary = `${stem}.restoring-${process.pid}.db`;
  try {
    await database.backup(replaced);
    await migratedCopy(backupPath, temporary, migrate);
    refuseWhileLive(database);
    copyContentFrom(database, temporary);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(temporary + suffix, { force: true });
  }
  return replaced;
}

function refuseWhileLive(database: Database): void {
  const live = database
    .prepare<[], string>("SELECT id FROM run WHERE state IN ('queued', 'running', 'paused') LIMIT 1")
    .pluck()
    .get();
  if (live === undefined) return;
  throw new StudioError(
    'conflict',
    `Backups: run ${live} is live; cancel it or let it finish, then restore.`,
  );
}
