import { StudioError, type ErrorCode } from '../../../shared/ipc/errors.ts';

/** Who reads which file, for messages. `name` is what the user knows the file by. */
export interface ReaderSource {
  readonly reader: string;
  readonly name: string;
}

/**
 * An expected fault of a file, in the studio's form: who, what was found and expected, way out. Codes of the readers:
 * `data-damaged` (not what it says it is), `unsupported` (whole, but of a kind that is not read), `invalid-input` (over
 * a limit, or against what the caller asked for), `not-found`.
 */
export function readerError(
  code: ErrorCode,
  source: ReaderSource,
  found: string,
  wayOut: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): StudioError {
  return new StudioError(
    code,
    `${source.reader}: ${source.name} ${found}; ${wayOut}`,
    { file: source.name, ...details },
    cause === undefined ? undefined : { cause },
  );
}

/** The same for a file that is not what it says it is. */
export function damaged(source: ReaderSource, found: string, wayOut: string, cause?: unknown): StudioError {
  return readerError('data-damaged', source, found, wayOut, {}, cause);
}

/** The same for a file over a limit; `found` ends in what was found, for example "has 12 columns". */
export function overLimit(
  source: ReaderSource,
  found: string,
  limit: number,
  wayOut = 'divide it into smaller files',
): StudioError {
  return readerError('invalid-input', source, `${found}, and at most ${limit} are read`, wayOut, { limit });
}

/** What was thrown, in words. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of a Node error, "" for what has none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}
