import { parseBoolean, parseDecimal, parseWhole } from './csv-cells.ts';
import type { ColumnType, NumericColumn, TableColumn, TextColumn } from './csv-table.ts';
import { readerError, type ReaderSource } from '../reader-error.ts';

/** Takes the cells of one column, row by row, and gives the column. */
export interface ColumnBuilder {
  /** @throws StudioError `invalid-input` where the cell is not of the column's type */
  readonly add: (row: number, cell: string | null, line: number) => void;
  readonly finish: () => TableColumn;
}

type NumericType = NumericColumn['type'];

const numericParsers: Readonly<
  Record<NumericType, { readonly parse: (cell: string) => number | null; readonly expected: string }>
> = {
  number: { parse: parseDecimal, expected: 'a number' },
  integer: { parse: parseWhole, expected: 'a whole number' },
  boolean: { parse: parseBoolean, expected: 'true, false, yes, no, 1 or 0' },
};

/** The cell, short enough for a message. */
function quote(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}...` : cell);
}

function numericBuilder(
  name: string,
  type: NumericType,
  rowCount: number,
  source: ReaderSource,
): ColumnBuilder {
  const { parse, expected } = numericParsers[type];
  const values = new Float64Array(rowCount);
  let missingCount = 0;
  return {
    add: (row, cell, line) => {
      if (cell === null) missingCount++;
      const value = cell === null ? NaN : parse(cell);
      if (value === null) {
        throw readerError(
          'invalid-input',
          source,
          `has ${quote(cell ?? '')} in column ${JSON.stringify(name)} of line ${line}, and ${expected} is expected`,
          'correct that cell, or read the column as category or text',
          { column: name, line },
        );
      }
      values[row] = value;
    },
    finish: () => ({ name, type, values, missingCount }),
  };
}

function textBuilder(name: string, type: TextColumn['type'], rowCount: number): ColumnBuilder {
  const values = new Array<string | null>(rowCount).fill(null);
  const shared = new Map<string, string>();
  let missingCount = 0;
  const share = (cell: string): string => {
    const known = shared.get(cell);
    if (known === undefined) shared.set(cell, cell);
    return known ?? cell;
  };
  return {
    add: (row, cell) => {
      if (cell === null) missingCount++;
      else values[row] = type === 'category' ? share(cell) : cell;
    },
    finish: () => ({ name, type, values, missingCount }),
  };
}

/** A builder for a column of a type. */
export function createColumnBuilder(
  name: string,
  type: ColumnType,
  rowCount: number,
  source: ReaderSource,
): ColumnBuilder {
  return type === 'category' || type === 'text'
    ? textBuilder(name, type, rowCount)
    : numericBuilder(name, type, rowCount, source);
}
