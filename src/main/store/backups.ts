import BetterSqlite3, { type Database } from 'better-sqlite3';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StudioError } from '../../shared/ipc/errors.ts';
import { findDamage } from './damage.ts';
import { describeSqliteError } from './sqlite-error.ts';
import { fileTimestamp } from './store-paths.ts';

/** Automatic and wished-for backups kept; older ones are removed. */
const KEPT = 5;
/** Pages copied before the event loop gets its turn again (4 MB). */
const PAGES_PER_TURN = 1024;
const DAY_MS = 24 * 3600 * 1000;

/** A whole copy of the history. */
export interface Backup {
  readonly path: string;
  readonly sizeBytes: number;
}

/** The copies of the history in one folder, `history-<time>.db`. */
export class Backups {
  readonly #directory: string;
  readonly #now: () => number;

  constructor(directory: string, now: () => number) {
    this.#directory = directory;
    this.#now = now;
  }

  /** Newest first. */
  list(): Backup[] {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory)
      .filter((name) => /^history-.*\.db$/.test(name))
      .sort()
      .reverse()
      .map((name) => join(this.#directory, name))
      .map((path) => ({ path, sizeBytes: statSync(path).size }));
  }

  /** Is the newest backup older than a day, or is there none? */
  isDue(): boolean {
    const newest = this.list()[0];
    return newest === undefined || this.#now() - statSync(newest.path).mtimeMs > DAY_MS;
  }

  /**
   * Copies an open database while it stays in use; the copy appears under its name when it is whole and on the disk.
   * @throws StudioError 'disk-full' and the like; nothing half-written is left
   */
  async create(database: Database): Promise<Backup> {
    mkdirSync(this.#directory, { recursive: true });
    const path = join(this.#directory, `history-${fileTimestamp(this.#now())}.db`);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await database.backup(temporary, { progress: () => PAGES_PER_TURN });
      await flush(temporary);
      await rename(temporary, path);
    } catch (error) {
      throw describeSqliteError(error);
    } finally {
      for (const suffix of ['', '-journal']) rmSync(temporary + suffix, { force: true });
    }
    this.#removeOld();
    return { path, sizeBytes: statSync(path).size };
  }

  /**
   * Makes sure that a path names one of these backups and that it is whole.
   * @throws StudioError 'not-found' for another path, 'store-damaged' for a damaged copy, 'unsupported' for one of a
   * newer version of the studio
   */
  check(path: string): void {
    const found = dirname(resolve(path)) === resolve(this.#directory) && existsSync(path);
    if (!found || !/^history-.*\.db$/.test(basename(path))) {
      throw new StudioError(
        'not-found',
        `Backups: ${path} is no backup in ${this.#directory}; pick one from there.`,
      );
    }
    const damage = findDamage(path);
    if (damage === null) return;
    throw new StudioError('store-damaged', `Backups: ${path} is damaged (${damage}); pick an older one.`, {
      damage,
    });
  }

  #removeOld(): void {
    for (const old of this.list().slice(KEPT)) rmSync(old.path, { force: true });
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces the whole content of a history by a backup's in one transaction, so that every process sees it at once. */
export function copyContentFrom(database: Database, backupPath: string): void {
  const tables = ['run', 'run_definition', 'epoch', 'pause_point', 'metric', 'log_line'];
  database.prepare('ATTACH ? AS backup').run(backupPath);
  try {
    database
      .transaction(() => {
        database.exec('DELETE FROM main.run');
        for (const table of tables) database.exec(`INSERT INTO main.${table} SELECT * FROM backup.${table}`);
        database.exec('UPDATE main.revision SET value = value + 1');
      })
      .immediate();
  } catch (error) {
    throw describeSqliteError(error);
  } finally {
    database.exec('DETACH backup');
  }
}

/** A migrated private copy of a backup, so that one of an older schema can be restored. The caller removes it. */
export async function migratedCopy(
  backupPath: string,
  temporaryPath: string,
  prepare: (database: Database) => void,
): Promise<void> {
  const backup = new BetterSqlite3(backupPath, { readonly: true });
  try {
    await backup.backup(temporaryPath);
  } finally {
    backup.close();
  }
  const copy = new BetterSqlite3(temporaryPath);
  try {
    prepare(copy);
  } finally {
    copy.close();
  }
}
