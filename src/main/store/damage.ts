import BetterSqlite3, { type Database } from 'better-sqlite3';
import { existsSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { APPLICATION_ID, checkSchemaVersion, readPragma } from './schema.ts';
import { isDamage, sqliteCode } from './sqlite-error.ts';
import { fileTimestamp } from './store-paths.ts';

/** Above this size a cleanly closed database is trusted and only one left by a crash is read through. */
const ALWAYS_CHECKED_BYTES = 256 * 1024 * 1024;

/** Files that belong to one SQLite database. */
const companions = ['', '-wal', '-shm'] as const;

/**
 * Looks at a database before it is used. Returns what is wrong with it, or null. Opens and closes it itself, and
 * changes nothing but what SQLite's own recovery after a crash does.
 * @throws StudioError 'unsupported' when a newer version of the studio made it
 */
export function findDamage(path: string): string | null {
  if (!existsSync(path)) return null;
  const leftByCrash = existsSync(`${path}-wal`);
  const sizeBytes = statSync(path).size;
  let database: Database | undefined;
  try {
    database = new BetterSqlite3(path, { timeout: 10_000 });
    return findForeign(database) ?? findCorruption(database, leftByCrash || sizeBytes < ALWAYS_CHECKED_BYTES);
  } catch (error) {
    // What is asked is always right, so that SQLite's plain error ("unsupported file format") is the file's fault too.
    const isFault = isDamage(error) || sqliteCode(error) === 'SQLITE_ERROR';
    if (isFault && error instanceof Error) return error.message;
    throw error;
  } finally {
    database?.close();
  }
}

/** A sound SQLite file may still be another program's, or have lost our tables. */
function findForeign(database: Database): string | null {
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
  if (tables.length === 0) return null;
  if (readPragma(database, 'application_id') !== APPLICATION_ID) return 'it is not a history of Epoch Studio';
  checkSchemaVersion(database);
  return ['run', 'run_definition', 'epoch', 'metric', 'log_line', 'pause_point', 'revision'].every((table) =>
    tables.includes(table),
  )
    ? null
    : 'tables are missing';
}

function findCorruption(database: Database, readThrough: boolean): string | null {
  if (!readThrough) return null;
  const [finding] = database.prepare('PRAGMA quick_check(1)').pluck().all();
  return finding === 'ok' ? null : String(finding);
}

/** Moves a database with its -wal and -shm beside itself under a new name; returns the new path. */
export function moveAside(path: string, reason: 'damaged' | 'replaced', nowMs: number): string {
  const stem = basename(path, '.db');
  const target = join(dirname(path), `${stem}.${reason}-${fileTimestamp(nowMs)}.db`);
  for (const suffix of companions) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  return target;
}
