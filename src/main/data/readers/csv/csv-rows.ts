import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import type { CsvDelimiter, CsvLimits } from './csv-table.ts';
import { damaged, overLimit, type ReaderSource } from '../reader-error.ts';

/** Told each row: its cells without blanks around them, and the line it ends in, from 1. */
export type OnRow = (cells: readonly string[], line: number) => void;

const SAMPLE_BYTES = 65_536;
const NEWLINE = 0x0a;

/**
 * The bytes of a text file without its byte order mark.
 * @throws StudioError `data-damaged` for what is no UTF-8 text
 */
export function checkText(bytes: Uint8Array, source: ReaderSource): Uint8Array {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = marked ? bytes.subarray(3) : bytes;
  if (!isUtf8(text)) {
    throw damaged(source, 'is not text in UTF-8', 'save it as CSV in UTF-8, or choose the table');
  }
  if (text.includes(0))
    throw damaged(source, 'holds zero bytes, which no text has', 'choose a table of text');
  return text;
}

/** The beginning of a text, to a line's end where it is longer. */
export function sampleOf(text: Uint8Array): string {
  const head = text.subarray(0, SAMPLE_BYTES);
  const lastLine = text.length > SAMPLE_BYTES ? head.lastIndexOf(NEWLINE) : -1;
  const sample = lastLine > 0 ? head.subarray(0, lastLine) : head;
  return Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('utf8');
}

/**
 * Refuses a text with more delimiters than a table may have cells, those in quotes counted too: the tokeniser keeps a
 * whole row before it can be looked at.
 * @throws StudioError `invalid-input`
 */
export function checkDelimiterCount(
  text: Uint8Array,
  delimiter: CsvDelimiter,
  source: ReaderSource,
  limits: CsvLimits,
): void {
  if (text.length <= limits.maximumCells) return;
  const code = delimiter.charCodeAt(0);
  let count = 0;
  for (const byte of text) {
    if (byte === code) count++;
  }
  if (count <= limits.maximumCells) return;
  throw overLimit(source, `has ${count} delimiters ${JSON.stringify(delimiter)}`, limits.maximumCells);
}

function checkCells(cells: readonly string[], line: number, source: ReaderSource, limits: CsvLimits): void {
  if (cells.length > limits.maximumColumns) {
    throw overLimit(source, `has ${cells.length} columns in line ${line}`, limits.maximumColumns);
  }
  const long = cells.findIndex((cell) => cell.length > limits.maximumCellCharacters);
  if (long < 0) return;
  throw overLimit(
    source,
    `has ${cells[long]!.length} characters in column ${long + 1} of line ${line}`,
    limits.maximumCellCharacters,
    'shorten the text or leave the column out',
  );
}

function tokeniserError(thrown: unknown, source: ReaderSource, limits: CsvLimits): unknown {
  if (!(thrown instanceof CsvError)) return thrown;
  if (thrown.code === 'CSV_MAX_RECORD_SIZE') {
    return overLimit(
      source,
      `has a row of more bytes (${thrown.message})`,
      limits.maximumRowBytes,
      'a quote may not be closed, close it or divide the row',
    );
  }
  return damaged(
    source,
    `cannot be read as a table (${thrown.message})`,
    'correct the quotes in that line',
    thrown,
  );
}

/**
 * Goes through the rows of a table in order, keeping none; blank lines are left out.
 * @param text UTF-8 without a byte order mark
 * @throws StudioError `data-damaged` for quotes that do not fit and rows of different length, `invalid-input` over a
 * limit; what `onRow` throws
 */
export function forEachRow(
  text: Uint8Array,
  delimiter: CsvDelimiter,
  source: ReaderSource,
  limits: CsvLimits,
  onRow: OnRow,
): void {
  let width = -1;
  const takeRow = (record: readonly string[], line: number): null => {
    const cells = record.map((cell) => cell.trim());
    checkCells(cells, line, source, limits);
    if (width < 0) width = cells.length;
    if (cells.length !== width) {
      throw damaged(
        source,
        `has ${cells.length} values in line ${line}, and ${width} are expected as in the first row`,
        'correct that row, or choose another delimiter',
      );
    }
    onRow(cells, line);
    return null;
  };
  try {
    parse(Buffer.from(text.buffer, text.byteOffset, text.length), {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      // Blanks before a quote; where tabs part the cells they are no blanks.
      trim: delimiter !== '\t',
      max_record_size: limits.maximumRowBytes,
      on_record: (record: readonly string[], { lines }) => takeRow(record, lines),
    });
  } catch (thrown) {
    throw tokeniserError(thrown, source, limits);
  }
}
