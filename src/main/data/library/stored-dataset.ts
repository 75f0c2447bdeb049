import { join } from 'node:path';
import { StudioError } from '../../../shared/ipc/errors.ts';
import type { DatasetInfo, TableSelection } from '../../../shared/schema/dataset.ts';
import { describeDataset } from '../describe-dataset.ts';
import { fingerprintExamples } from '../fingerprint.ts';
import type { DatasetParts } from '../loaded-dataset.ts';
import type { DatasetManifest } from './manifest.ts';
import { loadStoredExamples, storedExamplesInfo } from './stored-examples.ts';
import { loadStoredTable, storedTableInfo } from './stored-table.ts';

/** A stored dataset's parts and their fingerprint. */
export interface LoadedParts extends DatasetParts {
  readonly sha256: string;
  /** Of a table: rows with a missing value among the chosen columns. */
  readonly leftOutRows?: number;
}

/** @throws StudioError `invalid-input` for a choice of columns where there are none */
export function refuseSelection(name: string, selection: TableSelection | null): void {
  if (selection === null) return;
  throw new StudioError(
    'invalid-input',
    `datasets: ${name} is no table and has no columns; remove data.table`,
    {
      path: 'data.table',
    },
  );
}

/**
 * What is known of a stored dataset without loading it.
 * @throws StudioError `invalid-input` where the selection does not fit, `data-damaged`
 */
export function storedInfo(
  datasetDirectory: string,
  manifest: DatasetManifest,
  selection: TableSelection | null,
): DatasetInfo {
  const { id, name, licence, origin, content } = manifest;
  const common = { id, name, licence, origin, available: true };
  if (content.kind === 'table') {
    return describeDataset({ ...common, ...storedTableInfo(join(datasetDirectory, id), content, selection) });
  }
  refuseSelection(name, selection);
  return describeDataset({ ...common, ...storedExamplesInfo(content) });
}

/**
 * Loads a stored dataset; its files are checked by size and sha256. The fingerprint of examples was taken when they
 * were stored, that of a table depends on the selection and is taken here.
 * @throws StudioError as {@link storedInfo}
 */
export async function loadStored(
  datasetDirectory: string,
  manifest: DatasetManifest,
  selection: TableSelection | null,
): Promise<LoadedParts> {
  const { id, name, content } = manifest;
  const directory = join(datasetDirectory, id);
  if (content.kind === 'table') {
    const all = await loadStoredTable(directory, content, selection);
    const leftOutRows = content.rowCount - all.exampleCount;
    return { train: all, test: all, sha256: fingerprintExamples([all]), leftOutRows };
  }
  refuseSelection(name, selection);
  return { ...(await loadStoredExamples(directory, content)), sha256: content.sha256 };
}
