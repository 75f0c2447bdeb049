import type { Database } from 'better-sqlite3';
import { StudioError } from '../../shared/ipc/errors.ts';
import { firstSchema } from './migrations/001-first.ts';
import { experimentColumns } from './migrations/002-experiments.ts';
import { studyTables } from './migrations/003-studies.ts';

/** SQL that leads from each schema version to the next; the first makes an empty database one of ours. */
const migrations: readonly string[] = [firstSchema, experimentColumns, studyTables];

/** The version this program reads and writes, in `PRAGMA user_version`. */
export const SCHEMA_VERSION = migrations.length;

/** `PRAGMA application_id` of our databases: "EpSt". */
export const APPLICATION_ID = 0x45705374;

/** Reads a pragma that is one whole number. */
export function readPragma(database: Database, name: string): number {
  return Number(database.pragma(name, { simple: true }));
}

/**
 * Settings of every connection: durable commits that survive a power cut, readers beside one writer, and a wait
 * where another studio process writes.
 */
export function configureConnection(database: Database): void {
  database.pragma('busy_timeout = 10000');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
}

/** @throws StudioError 'unsupported' for a database made by a newer version of the studio; it is not touched. */
export function checkSchemaVersion(database: Database): void {
  const version = readPragma(database, 'user_version');
  if (version <= SCHEMA_VERSION) return;
  throw new StudioError(
    'unsupported',
    `History: ${database.name} has format ${version}, this version of Epoch Studio knows up to ${SCHEMA_VERSION}. ` +
      'It was left as it is; open it with the newer version, or set EPOCH_STUDIO_HOME to another folder.',
    { found: version, supported: SCHEMA_VERSION },
  );
}

/** Brings a database up to {@link SCHEMA_VERSION} in one transaction; processes that open it at once take turns. */
export function migrate(database: Database): void {
  database
    .transaction(() => {
      for (let version = readPragma(database, 'user_version'); version < SCHEMA_VERSION; version++) {
        database.exec(migrations[version]!);
      }
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${SCHEMA_VERSION}`);
    })
    .immediate();
}
