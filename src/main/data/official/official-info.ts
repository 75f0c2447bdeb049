import { StudioError } from '../../../shared/ipc/errors.ts';
import type { ColumnInfo, DatasetInfo, TableSelection } from '../../../shared/schema/dataset.ts';
import { describeDataset, numberTarget } from '../describe-dataset.ts';
import type { DatasetManifest } from '../library/manifest.ts';
import { refuseSelection, storedInfo } from '../library/stored-dataset.ts';
import { pickColumns } from '../library/table-selection.ts';
import type { OfficialDataset } from './official-dataset.ts';
import { officialUnit } from './official-datasets.ts';

type Published = OfficialDataset['published'];

/** The published table under a choice of columns; how many values a category has is known from the data only. */
function publishedTable(
  official: OfficialDataset,
  columns: readonly ColumnInfo[],
  selection: TableSelection | null,
): Published {
  const { features, target } = pickColumns(columns, selection);
  const category = [...features, target].find(({ type }) => type === 'category');
  if (category !== undefined) {
    throw new StudioError(
      'not-found',
      `datasets: ${official.name} is not on this machine, and the values of its column "${category.name}" are not known without it. ${official.importHint}`,
      { path: 'data.dataset', dataset: official.id },
    );
  }
  return {
    ...official.published,
    featureShape: [features.length],
    featureNames: features.map(({ name }) => name),
    targets: [numberTarget(target.name, officialUnit(official.id, target.name))],
    columns: structuredClone([...columns]),
  };
}

function publishedInfo(official: OfficialDataset, selection: TableSelection | null): DatasetInfo {
  const { id, name, licence, published } = official;
  if (published.columns === null) refuseSelection(name, selection);
  const facts =
    published.columns === null ? published : publishedTable(official, published.columns, selection);
  return describeDataset({
    id,
    name,
    licence,
    origin: 'catalogue',
    available: false,
    ...structuredClone(facts),
  });
}

/** One that is made of another dataset's files has its own shape and targets, and the counts of the files. */
function derivedInfo(
  official: OfficialDataset,
  manifest: DatasetManifest,
  selection: TableSelection | null,
  datasetDirectory: string,
): DatasetInfo {
  refuseSelection(official.name, selection);
  const { trainExamples, testExamples } = storedInfo(datasetDirectory, manifest, null);
  return { ...publishedInfo(official, null), trainExamples, testExamples, available: true };
}

/**
 * What is known of a dataset of the catalogue: as stored, or as published while it is not on this machine.
 * @param manifest of what it is stored as, or null
 * @throws StudioError `invalid-input` where the columns do not fit, `not-found` for categories of a table that is not
 * here, `data-damaged`
 */
export function officialInfo(
  official: OfficialDataset,
  manifest: DatasetManifest | null,
  selection: TableSelection | null,
  datasetDirectory: string,
): DatasetInfo {
  if (manifest === null) return publishedInfo(official, selection);
  if (official.storedAs === official.id) return storedInfo(datasetDirectory, manifest, selection);
  return derivedInfo(official, manifest, selection, datasetDirectory);
}
