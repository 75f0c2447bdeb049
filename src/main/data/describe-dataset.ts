import type { DatasetInfo, TargetInfo } from '../../shared/schema/dataset.ts';

/** A target of classes, in label order. */
export function classTarget(name: string, classes: readonly string[]): TargetInfo {
  return { name, kind: 'class', classes: [...classes], unit: null };
}

/** A target that is a number, in a unit or in none. */
export function numberTarget(name: string, unit: string | null = null): TargetInfo {
  return { name, kind: 'number', classes: [], unit };
}

/** The ten digits, as classes. */
export const digitClasses: readonly string[] = Array.from({ length: 10 }, (_, digit) => String(digit));

/** What a dataset says of itself; the rest of its {@link DatasetInfo} follows from it. */
export type DatasetDescription = Omit<DatasetInfo, 'task' | 'classes' | 'generated'>;

/** Adds what follows from the targets and the origin. The arrays are the description's own. */
export function describeDataset(description: DatasetDescription): DatasetInfo {
  const main = description.targets[0];
  return {
    ...description,
    task: main?.kind === 'class' ? 'classification' : 'regression',
    classes: [...(main?.classes ?? [])],
    generated: description.origin === 'generated',
  };
}
