import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ColumnType } from '../../../shared/schema/dataset.ts';
import type { TableColumnContent, TableContent } from '../library/dataset-content.ts';
import type { CsvTable, TableColumn, TextColumn } from '../readers/index.ts';

/** Each becomes a feature of its own, or an output of a model. */
const MOST_CATEGORIES = 1_000;

/** Values in order: as numbers where all are, as text otherwise. */
function sortCategories(values: readonly string[]): string[] {
  const areNumbers = values.every((value) => value !== '' && Number.isFinite(Number(value)));
  return [...values].sort(areNumbers ? (a, b) => Number(a) - Number(b) : undefined);
}

function encodeCategories(column: TextColumn): Pick<TableColumnContent, 'categories' | 'values'> {
  const categories = sortCategories([...new Set(column.values.filter((value) => value !== null))]);
  if (categories.length > MOST_CATEGORIES) {
    throw new StudioError(
      'invalid-input',
      `datasets: column "${column.name}" has ${categories.length} different values, and at most ${MOST_CATEGORIES} can be categories; import it as text`,
      { path: 'columnTypes', column: column.name },
    );
  }
  const codes = new Map(categories.map((category, code) => [category, code]));
  return { categories, values: Int32Array.from(column.values, (value) => codes.get(value ?? '') ?? -1) };
}

/** The type a column of a file has as a column of a dataset: whole numbers and booleans (0 and 1) are numbers. */
export function columnTypeOf(column: TableColumn): ColumnType {
  return column.type === 'category' || column.type === 'text' ? column.type : 'number';
}

function toContent(column: TableColumn): TableColumnContent {
  const { name, missingCount } = column;
  const common = { name, missingCount, unit: null, type: columnTypeOf(column) };
  if (column.type === 'category') return { ...common, ...encodeCategories(column) };
  return { ...common, categories: [], values: column.values };
}

/**
 * A table as it is stored.
 * @throws StudioError `invalid-input` for a category of more than a thousand values
 */
export function tableContent(table: CsvTable): TableContent {
  return { kind: 'table', rowCount: table.rowCount, columns: table.columns.map(toContent) };
}
