import type { ComparedRun } from '../../../shared/schema/comparison.ts';

/** What the table of settings is sorted by: the run's name, or a setting or number by its id. */
export interface RowOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** The order in which the runs were chosen. */
export const AS_CHOSEN: RowOrder = { column: '', descending: false };

/** The value of a column, for sorting; null where the run has none. */
export function cellValue(run: ComparedRun, column: string): string | number | boolean | null {
  if (column === 'name') return run.summary.name;
  if (column === 'seed') return run.summary.seed;
  if (column in run.final) return run.final[column] ?? null;
  return run.settings[column] ?? null;
}

/** Runs in order; those without the number stand last either way, equal ones as they were chosen. */
export function orderRuns(runs: readonly ComparedRun[], { column, descending }: RowOrder): ComparedRun[] {
  if (column === '') return [...runs];
  const sign = descending ? -1 : 1;
  const keyed = runs.map((run) => ({ run, value: cellValue(run, column) }));
  keyed.sort((one, other) => {
    if (one.value === null || other.value === null)
      return Number(one.value === null) - Number(other.value === null);
    return sign * compareValues(one.value, other.value);
  });
  return keyed.map(({ run }) => run);
}

function compareValues(one: string | number | boolean, other: string | number | boolean): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other), 'en', { numeric: true });
}

/** The next order when a column's head is pressed: up, down, as chosen again. */
export function nextOrder(order: RowOrder, column: string, isMetric: boolean): RowOrder {
  if (order.column !== column) return { column, descending: isMetric };
  return order.descending === isMetric ? { column, descending: !isMetric } : AS_CHOSEN;
}
