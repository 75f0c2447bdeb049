import { join } from 'node:path';

/** Where the history and what belongs to it lie under the data folder. All absolute. */
export interface StorePaths {
  readonly database: string;
  readonly artifacts: string;
  readonly backups: string;
}

export function storePaths(dataDirectory: string): StorePaths {
  return {
    database: join(dataDirectory, 'history.db'),
    artifacts: join(dataDirectory, 'artifacts'),
    backups: join(dataDirectory, 'backups'),
  };
}

/** A time as it stands in file names: sortable, in UTC, without characters that file systems refuse. */
export function fileTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[:.]/g, '-');
}
