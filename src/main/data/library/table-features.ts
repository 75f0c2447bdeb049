import type { TargetInfo } from '../../../shared/schema/dataset.ts';
import { classTarget, numberTarget } from '../describe-dataset.ts';
import type { StoredColumn } from './manifest.ts';

/** Names of the features a column becomes: itself, or one per category as "Column=value". */
export function featureNamesOf(column: Pick<StoredColumn, 'name' | 'type' | 'categories'>): string[] {
  if (column.type !== 'category') return [column.name];
  return column.categories.map((value) => `${column.name}=${value}`);
}

/** A column as target: its categories as classes, or numbers in its unit. */
export function targetOf(column: Pick<StoredColumn, 'name' | 'type' | 'categories' | 'unit'>): TargetInfo {
  return column.type === 'category'
    ? classTarget(column.name, column.categories)
    : numberTarget(column.name, column.unit);
}
