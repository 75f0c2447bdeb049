import { basename } from 'node:path';
import { ColumnProfile, parseBoolean, parseDecimal } from './csv-cells.ts';
import { createColumnBuilder } from './csv-columns.ts';
import { guessDelimiter, nameColumns } from './csv-dialect.ts';
import { checkDelimiterCount, checkText, forEachRow, sampleOf } from './csv-rows.ts';
import {
  defaultCsvLimits,
  defaultMissingTokens,
  type ColumnType,
  type CsvDelimiter,
  type CsvLimits,
  type CsvOptions,
  type CsvTable,
} from './csv-table.ts';
import { readFileBounded } from '../files.ts';
import { unpackBounded } from '../gzip.ts';
import { damaged, overLimit, readerError, type ReaderSource } from '../reader-error.ts';

/** A table's text and how it is to be read. */
interface CsvInput {
  readonly text: Uint8Array;
  readonly source: ReaderSource;
  readonly delimiter: CsvDelimiter;
  readonly missing: ReadonlySet<string>;
  readonly limits: CsvLimits;
}

/** What the first pass finds: the first row, how many follow, and what these have in common. */
interface CsvSurvey {
  readonly firstRow: readonly string[];
  readonly laterRows: number;
  readonly profiles: readonly ColumnProfile[];
}

function csvSource(name: string): ReaderSource {
  return { reader: 'csv reader', name };
}

function checkRowCount(rows: number, columns: number, { source, limits }: CsvInput): void {
  if (rows > limits.maximumRows)
    throw overLimit(source, `has more than ${limits.maximumRows} rows`, limits.maximumRows);
  if (rows * columns <= limits.maximumCells) return;
  throw overLimit(
    source,
    `has more than ${limits.maximumCells} cells (${columns} columns)`,
    limits.maximumCells,
  );
}

/** Looks at every cell and keeps none but the first row's: the memory taken does not grow with the file. */
function surveyRows(input: CsvInput): CsvSurvey {
  let firstRow = null as readonly string[] | null;
  let profiles: ColumnProfile[] = [];
  let laterRows = 0;
  forEachRow(input.text, input.delimiter, input.source, input.limits, (cells) => {
    if (firstRow === null) {
      firstRow = cells;
      profiles = cells.map(() => new ColumnProfile());
      return;
    }
    laterRows++;
    checkRowCount(laterRows, cells.length, input);
    cells.forEach((cell, column) => {
      if (!input.missing.has(cell)) profiles[column]!.add(cell);
    });
  });
  if (firstRow !== null) return { firstRow, laterRows, profiles };
  throw damaged(input.source, 'has no row', 'choose a file with a table');
}

/**
 * A first row is taken for names where none of its cells is a number, and either a column below holds numbers, or no
 * name comes again, in the row or below it.
 */
function guessHeader({ firstRow, profiles }: CsvSurvey): boolean {
  if (firstRow.some((cell) => parseDecimal(cell) !== null || parseBoolean(cell) !== null)) return false;
  if (profiles.some(({ type }) => type === 'integer' || type === 'number' || type === 'boolean')) return true;
  const unique = new Set(firstRow).size === firstRow.length && !firstRow.includes('');
  return unique && firstRow.every((cell, column) => !profiles[column]!.has(cell));
}

function chooseTypes(
  names: readonly string[],
  profiles: readonly ColumnProfile[],
  wanted: CsvOptions['types'],
  source: ReaderSource,
): ColumnType[] {
  const given = new Map(Object.entries(wanted ?? {}));
  const unknown = [...given.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw readerError(
      'invalid-input',
      source,
      `has no column ${JSON.stringify(unknown)}, for which a type was given`,
      `its columns are ${names.slice(0, 20).join(', ')}`,
      { column: unknown },
    );
  }
  return names.map((name, column) => given.get(name) ?? profiles[column]!.type);
}

/** The second pass: every cell into its column. */
function fillColumns(
  input: CsvInput,
  names: readonly string[],
  types: readonly ColumnType[],
  rowCount: number,
  skipFirst: boolean,
) {
  const builders = names.map((name, column) =>
    createColumnBuilder(name, types[column]!, rowCount, input.source),
  );
  let row = skipFirst ? -1 : 0;
  forEachRow(input.text, input.delimiter, input.source, input.limits, (cells, line) => {
    if (row >= 0) {
      cells.forEach((cell, column) =>
        builders[column]!.add(row, input.missing.has(cell) ? null : cell, line),
      );
    }
    row++;
  });
  return builders.map((builder) => builder.finish());
}

function openInput(bytes: Uint8Array, name: string, options: CsvOptions): CsvInput {
  const limits = options.limits ?? defaultCsvLimits;
  const source = csvSource(name);
  const text = checkText(unpackBounded(bytes, limits.maximumBytes, source), source);
  const delimiter = options.delimiter ?? guessDelimiter(sampleOf(text));
  checkDelimiterCount(text, delimiter, source, limits);
  return {
    text,
    source,
    limits,
    delimiter,
    missing: new Set(options.missingTokens ?? defaultMissingTokens),
  };
}

/**
 * Reads a table of comma-separated values (RFC 4180, and with ; tab | between the cells), plain or gzip, UTF-8 with or
 * without a byte order mark. Blanks around a cell are dropped. Delimiter, header and types are guessed from the whole
 * file where `options` does not say them.
 * @param name what the messages call it
 * @throws StudioError `data-damaged` for what is no table (naming the line), `invalid-input` over a limit and for cells
 * that are not of the type asked for
 */
export function parseCsv(bytes: Uint8Array, name: string, options: CsvOptions = {}): CsvTable {
  const input = openInput(bytes, name, options);
  const survey = surveyRows(input);
  const { firstRow, profiles } = survey;
  const hasHeader = options.hasHeader ?? guessHeader(survey);
  if (!hasHeader) {
    firstRow.forEach((cell, column) => {
      if (!input.missing.has(cell)) profiles[column]!.add(cell);
    });
  }
  const rowCount = survey.laterRows + (hasHeader ? 0 : 1);
  if (rowCount === 0)
    throw damaged(input.source, 'has a header and no row below it', 'choose a file with data');
  const names = nameColumns(hasHeader ? firstRow : firstRow.map(() => ''));
  const types = chooseTypes(names, profiles, options.types, input.source);
  const columns = fillColumns(input, names, types, rowCount, hasHeader);
  return { columns, rowCount, delimiter: input.delimiter, hasHeader };
}

/**
 * Reads a file of comma-separated values, see {@link parseCsv}.
 * @throws StudioError as {@link parseCsv}; `not-found`
 */
export async function readCsvFile(path: string, options: CsvOptions = {}): Promise<CsvTable> {
  const { maximumBytes } = options.limits ?? defaultCsvLimits;
  const source = csvSource(basename(path));
  return parseCsv(await readFileBounded(path, maximumBytes, source), source.name, options);
}
