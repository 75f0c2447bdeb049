import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import type { TableColumnContent, TableContent } from './dataset-content.ts';
import type { StoredColumn, StoredTable } from './manifest.ts';
import { bytesInPieces } from './store-examples.ts';

const TABLE_FILE = 'columns.table';
/** Columns begin at multiples of the largest element's size. */
const ALIGNMENT_BYTES = 8;

function columnBytes({ values }: TableColumnContent): Uint8Array[] {
  if (ArrayBuffer.isView(values)) return bytesInPieces(values);
  return bytesInPieces(Buffer.from(JSON.stringify(values)));
}

function describeColumn(column: TableColumnContent, offsetBytes: number, lengthBytes: number): StoredColumn {
  const { name, type, unit, missingCount, categories } = column;
  return { name, type, unit, missingCount, categories: [...categories], offsetBytes, lengthBytes };
}

/** Writes a table's columns one after another into one file. */
export async function storeTable(folder: string, table: TableContent): Promise<StoredTable> {
  const columns: StoredColumn[] = [];
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const column of table.columns) {
    const bytes = columnBytes(column);
    const length = bytes.reduce((sum, piece) => sum + piece.length, 0);
    const padding = (ALIGNMENT_BYTES - (length % ALIGNMENT_BYTES)) % ALIGNMENT_BYTES;
    columns.push(describeColumn(column, offset, length));
    pieces.push(...bytes, new Uint8Array(padding));
    offset += length + padding;
  }
  const written = await writeFileAtomically(join(folder, TABLE_FILE), pieces);
  return { kind: 'table', rowCount: table.rowCount, columns, file: { file: TABLE_FILE, ...written } };
}
