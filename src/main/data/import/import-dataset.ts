import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ImportPreview, ImportRequest } from '../../../shared/schema/catalogue.ts';
import type { DatasetContent, TableColumnContent } from '../library/dataset-content.ts';
import type { DatasetManifest } from '../library/manifest.ts';
import { storeDataset, type NewDataset } from '../library/store-dataset.ts';
import { pickColumns } from '../library/table-selection.ts';
import type { OfficialDataset } from '../official/official-dataset.ts';
import { idFromName, suggestName } from './dataset-name.ts';
import type { ImportSource } from './import-source.ts';
import { readSource } from './read-source.ts';
import { recogniseOfficial, withOfficialNames } from './recognise-official.ts';
import { recogniseSource } from './recognise-source.ts';

/** Values of a column that a preview shows. */
const FIRST_VALUES = 5;

/** Files as they were understood. */
interface ReadImport {
  readonly source: ImportSource;
  readonly official: OfficialDataset | null;
  readonly content: DatasetContent;
}

async function readImport(request: ImportRequest): Promise<ReadImport> {
  const source = await recogniseSource(request.paths);
  const content = await readSource(source, request.columnTypes);
  const official = recogniseOfficial(source, content);
  return {
    source,
    official,
    content: official === null ? content : withOfficialNames(official, content),
  };
}

function valueText({ type, values, categories }: TableColumnContent, row: number): string {
  const value = values[row] ?? null;
  if (type === 'category') return typeof value === 'number' ? (categories[value] ?? '') : '';
  return value === null || Number.isNaN(value) ? '' : String(value);
}

function previewColumns(content: DatasetContent): ImportPreview['columns'] {
  if (content.kind === 'examples') return null;
  const rows = Array.from({ length: Math.min(FIRST_VALUES, content.rowCount) }, (_, row) => row);
  return content.columns.map((column) => ({
    name: column.name,
    type: column.type,
    missingCount: column.missingCount,
    firstValues: rows.map((row) => valueText(column, row)),
  }));
}

/**
 * Says what files would become, reading all of them and storing nothing.
 * @throws StudioError `not-found`, `data-damaged`, `unsupported`, `invalid-input`
 */
export async function previewImport(request: ImportRequest): Promise<ImportPreview> {
  const { source, official, content } = await readImport(request);
  const isTable = content.kind === 'table';
  return {
    format: source.format,
    catalogueId: official?.id ?? null,
    suggestedName: request.name ?? official?.name ?? suggestName(source),
    trainExamples: isTable ? content.rowCount : content.train.exampleCount,
    testExamples: isTable ? 0 : (content.test?.exampleCount ?? 0),
    featureShape: isTable ? [] : [...content.featureShape],
    classes: isTable ? [] : [...(content.targets[0]?.classes ?? [])],
    columns: previewColumns(content),
  };
}

function toNewDataset({ source, official, content }: ReadImport, request: ImportRequest): NewDataset {
  if (official !== null) {
    const { storedAs: id, name, licence } = official;
    return { id, name, licence, origin: 'catalogue', content };
  }
  const name = request.name ?? suggestName(source);
  // A table from which nothing can be learned is better refused now than when it is used.
  if (content.kind === 'table') pickColumns(content.columns, null);
  return { id: idFromName(name), name, licence: 'Not stated', origin: 'imported', content };
}

/** What an import is doing. */
export type ImportPhase = 'read' | 'store';

export interface ImportOptions {
  readonly onPhase?: (phase: ImportPhase) => void;
  /** The dataset of the catalogue that the files must hold; any where it is null. */
  readonly expectedId?: string | null;
}

/** Reads files and stores them as a dataset, here or in a process of its own. */
export type ImportFiles = (
  request: ImportRequest,
  options: ImportOptions,
) => Promise<{ readonly id: string }>;

function checkExpected({ official }: ReadImport, expectedId: string | null): void {
  if (expectedId === null || official?.storedAs === expectedId) return;
  throw new StudioError(
    'data-damaged',
    `datasets: the files hold ${official?.name ?? 'something else'}, expected ${expectedId}; fetch them again`,
    { dataset: expectedId },
  );
}

/**
 * Stores a copy of files as a dataset. Files recognised as a dataset of the catalogue become that one, whatever name is
 * asked for; others get an id from the name.
 * @returns what was stored
 * @throws StudioError `conflict` where there is a dataset of that id already, `disk-full`; as {@link previewImport}
 */
export async function importDataset(
  request: ImportRequest,
  datasetDirectory: string,
  { onPhase, expectedId = null }: ImportOptions = {},
): Promise<DatasetManifest> {
  onPhase?.('read');
  const read = await readImport(request);
  checkExpected(read, expectedId);
  onPhase?.('store');
  return storeDataset(datasetDirectory, toNewDataset(read, request));
}
