import type { DatasetInfo, TableSelection } from '../../../shared/schema/dataset.ts';
import type { DatasetRow } from '../../state/datasets.svelte.ts';

/** Datasets under a heading of the select. */
export interface DatasetGroup {
  readonly label: string;
  readonly rows: readonly DatasetRow[];
}

const ORIGINS = [
  ['bundled', 'Comes with the studio'],
  ['generated', 'Made by the studio'],
  ['catalogue', 'Catalogue'],
  ['imported', 'Imported'],
] as const;

/** The datasets by where they come from, empty groups left out. */
export function datasetGroups(rows: readonly DatasetRow[]): DatasetGroup[] {
  return ORIGINS.map(([origin, label]) => ({
    label,
    rows: rows.filter((row) => (row.info?.origin ?? 'catalogue') === origin),
  })).filter((group) => group.rows.length > 0);
}

function sameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** Datasets an image experiment could be pointed at instead: same shape, as many classes, here. */
export function datasetsLike(info: DatasetInfo, rows: readonly DatasetRow[]): DatasetRow[] {
  if (info.featureShape.length !== 3) return [];
  return rows.filter(
    (row) =>
      row.here &&
      row.id !== info.id &&
      row.info !== null &&
      sameList(row.info.featureShape, info.featureShape) &&
      row.info.classes.length === info.classes.length,
  );
}

/**
 * The columns to begin with: all of numbers without a missing value, and the last column that can be predicted as
 * target. Null where the table has not two such columns.
 */
export function selectionToBegin(columns: NonNullable<DatasetInfo['columns']>): TableSelection | null {
  const target = columns.findLast((column) => column.type !== 'text');
  const features = columns
    .filter((column) => column.type === 'number' && column.missingCount === 0 && column !== target)
    .map((column) => column.name);
  return target === undefined || features.length === 0 ? null : { features, target: target.name };
}
