import type { ClassScore } from '../../../shared/schema/results.ts';

/** A column the table of classes is sorted by; "class" is the dataset's order. */
export type ClassColumn = 'class' | 'support' | 'recall' | 'precision' | 'f1';

/** A class with its label. */
export interface ClassRow extends ClassScore {
  readonly index: number;
}

/** The classes sorted by a column; those without a number stand last either way. */
export function sortClasses(
  scores: readonly ClassScore[],
  column: ClassColumn,
  descending: boolean,
): ClassRow[] {
  const rows = scores.map((score, index) => ({ ...score, index }));
  const sign = descending ? -1 : 1;
  return rows.sort((one, other) => {
    if (column === 'class') return sign * (one.index - other.index);
    const [a, b] = [one[column], other[column]];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b) || one.index - other.index;
  });
}
