import { StudioError, type ErrorCode } from '../../shared/ipc/errors.ts';

/** The extended SQLite result code of an error, such as "SQLITE_CORRUPT_INDEX", or ''. */
export function sqliteCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_') ? code : '';
}

/** Does the error say that the file itself is no sound SQLite database? */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error));
}

const meanings: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^SQLITE_FULL/, 'disk-full', 'the disk is full; nothing was changed, free some space and try again'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'store-damaged', 'the database is damaged; restart to have it moved aside'],
  [/^SQLITE_IOERR/, 'disk-full', 'the disk reported a fault or is full; nothing was changed'],
  [/^SQLITE_(BUSY|LOCKED)/, 'conflict', 'another process held the database for too long; try again'],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/,
    'forbidden',
    'the database cannot be written; check its permissions',
  ],
];

/** Turns an error of SQLite into a StudioError a user can act on; any other is returned as it is. */
export function describeSqliteError(error: unknown): unknown {
  const code = sqliteCode(error);
  const meaning = meanings.find(([pattern]) => pattern.test(code));
  if (meaning === undefined || !(error instanceof Error)) return error;
  const [, studioCode, text] = meaning;
  return new StudioError(
    studioCode,
    `History: ${text}.`,
    { sqliteCode: code, reason: error.message },
    { cause: error },
  );
}
