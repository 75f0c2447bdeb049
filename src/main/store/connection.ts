import type { Database, Statement } from 'better-sqlite3';
import { describeSqliteError } from './sqlite-error.ts';

/** A value SQLite stores. */
export type SqlValue = string | number | null;

/** Parameters by position or by name (`@name`). */
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;

/**
 * One connection to the history: statements prepared once, writes in transactions that take the lock at their start,
 * and SQLite's errors as StudioErrors. Owns the database and closes it.
 */
export class Connection {
  readonly database: Database;
  readonly #statements = new Map<string, Statement>();
  #ownRevisions = 0;

  constructor(database: Database) {
    this.database = database;
  }

  /** Runs a statement that returns no rows; returns how many rows it changed. */
  run(sql: string, parameters: SqlParameters = []): number {
    return this.#prepare(sql).run(parameters).changes;
  }

  /** The first row, as the statement's columns; the caller names their types. */
  first<Row>(sql: string, parameters: SqlParameters = []): Row | undefined {
    return this.#prepare(sql).get(parameters) as Row | undefined;
  }

  /** All rows, as the statement's columns; the caller names their types. */
  all<Row>(sql: string, parameters: SqlParameters = []): Row[] {
    return this.#prepare(sql).all(parameters) as Row[];
  }

  /** Runs `body` in one transaction, durable when this returns, and counts it for {@link foreignRevision}. */
  write<T>(body: () => T): T {
    const result = this.writeQuietly(() => {
      this.run('UPDATE revision SET value = value + 1');
      return body();
    });
    this.#ownRevisions += 1;
    return result;
  }

  /** Like {@link write}, for what other processes need not hear of. */
  writeQuietly<T>(body: () => T): T {
    return this.guard(() => this.database.transaction(body).immediate());
  }

  /** Runs `body` on one snapshot of the database. */
  read<T>(body: () => T): T {
    return this.guard(() => this.database.transaction(body).deferred());
  }

  /** A number that changes exactly when another connection has written something worth hearing of. */
  foreignRevision(): number {
    return this.guard(() => {
      const row = this.first<{ value: number }>('SELECT value FROM revision');
      return (row?.value ?? 0) - this.#ownRevisions;
    });
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }

  /** Runs `body` with SQLite's errors turned into StudioErrors. */
  guard<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw describeSqliteError(error);
    }
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
