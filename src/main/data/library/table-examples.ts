import type { ColumnType } from '../../../shared/schema/dataset.ts';
import type { ExampleSet, TargetValues } from '../loaded-dataset.ts';

/** A column that can be learned from: numbers (NaN for a missing one), or category codes (-1 for a missing one). */
export interface LearnableColumn {
  readonly type: ColumnType;
  /** Features it becomes: 1, or the number of categories. */
  readonly width: number;
  readonly values: Float64Array | Int32Array;
}

function isMissing(column: LearnableColumn, row: number): boolean {
  const value = column.values[row]!;
  return column.type === 'category' ? value < 0 : Number.isNaN(value);
}

/** Rows in which none of the columns has a missing value, ascending. */
export function completeRows(rowCount: number, columns: readonly LearnableColumn[]): Int32Array {
  const rows = new Int32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    if (!columns.some((column) => isMissing(column, row))) rows[count++] = row;
  }
  return rows.slice(0, count);
}

/** Writes one column's features of all rows into the matrix, from feature `first` on. */
function writeFeatures(
  matrix: Float32Array,
  width: number,
  first: number,
  column: LearnableColumn,
  rows: Int32Array,
): void {
  const isCategory = column.type === 'category';
  rows.forEach((row, place) => {
    const value = column.values[row]!;
    if (isCategory) matrix[place * width + first + value] = 1;
    else matrix[place * width + first] = value;
  });
}

function targetValues(column: LearnableColumn, rows: Int32Array): TargetValues {
  const values = column.type === 'category' ? new Int32Array(rows.length) : new Float32Array(rows.length);
  rows.forEach((row, place) => (values[place] = column.values[row]!));
  return values;
}

/**
 * Rows of a table as examples: numbers as float32, a category as one column of 0 and 1 per value (one-hot), the target
 * as numbers or labels.
 * @param rows complete ones, see {@link completeRows}
 */
export function tableExamples(
  features: readonly LearnableColumn[],
  target: LearnableColumn,
  rows: Int32Array,
): ExampleSet {
  const width = features.reduce((sum, column) => sum + column.width, 0);
  const values = new Float32Array(rows.length * width);
  let first = 0;
  for (const column of features) {
    writeFeatures(values, width, first, column, rows);
    first += column.width;
  }
  return {
    features: { shape: [rows.length, width], values },
    targets: [targetValues(target, rows)],
    exampleCount: rows.length,
  };
}
