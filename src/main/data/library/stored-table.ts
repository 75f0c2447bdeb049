import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DatasetInfo, TableSelection } from '../../../shared/schema/dataset.ts';
import type { ExampleSet } from '../loaded-dataset.ts';
import { readArrayFile, readRangesNow } from './array-files.ts';
import type { StoredColumn, StoredTable } from './manifest.ts';
import { completeRows, tableExamples, type LearnableColumn } from './table-examples.ts';
import { featureNamesOf, targetOf } from './table-features.ts';
import { pickColumns } from './table-selection.ts';

function asLearnable(column: StoredColumn, bytes: Uint8Array<ArrayBuffer>): LearnableColumn {
  const isCategory = column.type === 'category';
  return {
    type: column.type,
    width: isCategory ? column.categories.length : 1,
    values: isCategory ? new Int32Array(bytes.buffer) : new Float64Array(bytes.buffer),
  };
}

/** Rows without a missing value in the columns; reads only those that have any. */
function countComplete(directory: string, table: StoredTable, columns: readonly StoredColumn[]): number {
  const holed = columns.filter(({ missingCount }) => missingCount > 0);
  if (holed.length === 0) return table.rowCount;
  const read = readRangesNow(directory, table.file, holed);
  const learnable = holed.map((column, place) => asLearnable(column, read[place]!));
  return completeRows(table.rowCount, learnable).length;
}

/**
 * What a stored table is as examples under a selection (see {@link pickColumns} for none).
 * @throws StudioError `invalid-input` where the selection does not fit, `data-damaged`
 */
export function storedTableInfo(
  directory: string,
  table: StoredTable,
  selection: TableSelection | null,
): Pick<
  DatasetInfo,
  'featureShape' | 'featureNames' | 'targets' | 'columns' | 'trainExamples' | 'testExamples'
> {
  const { features, target } = pickColumns(table.columns, selection);
  const featureNames = features.flatMap(featureNamesOf);
  return {
    featureShape: [featureNames.length],
    featureNames,
    targets: [targetOf(target)],
    columns: table.columns.map(({ name, type, missingCount }) => ({ name, type, missingCount })),
    trainExamples: countComplete(directory, table, [...features, target]),
    testExamples: 0,
  };
}

/**
 * Loads a stored table as examples; rows with a missing value among the picked columns are left out.
 * @throws StudioError as {@link storedTableInfo}; `invalid-input` where no row is left
 */
export async function loadStoredTable(
  directory: string,
  table: StoredTable,
  selection: TableSelection | null,
): Promise<ExampleSet> {
  const { features, target } = pickColumns(table.columns, selection);
  const { buffer } = await readArrayFile(directory, table.file);
  const learnable = [...features, target].map((column) => {
    const { offsetBytes, lengthBytes } = column;
    return asLearnable(column, new Uint8Array(buffer.slice(offsetBytes, offsetBytes + lengthBytes)));
  });
  const rows = completeRows(table.rowCount, learnable);
  if (rows.length > 0) return tableExamples(learnable.slice(0, -1), learnable.at(-1)!, rows);
  throw new StudioError(
    'invalid-input',
    `datasets: each of the ${table.rowCount} rows has a missing value among the chosen columns; leave out those with most`,
    { path: 'data.table.features' },
  );
}
