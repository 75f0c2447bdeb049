import { TRIAL_STATES } from './trial-text.ts';
import type { StudyColumns } from './study-columns.ts';

/** What the table of trials is ordered by. */
export type TrialSort =
  | { readonly by: 'number' | 'state' | 'epochs' | 'duration' }
  | { readonly by: 'objective' | 'parameter'; readonly index: number };

/** Are two orders by the same column? */
export function isSameSort(one: TrialSort, other: TrialSort): boolean {
  return one.by === other.by && ('index' in one ? one.index : 0) === ('index' in other ? other.index : 0);
}

/** The column that an order is by, as numbers: NaN is put last in either direction. */
function keysOf(columns: StudyColumns, sort: TrialSort): ArrayLike<number> {
  const each = (keyOf: (trial: number) => number) =>
    Float64Array.from({ length: columns.count }, (_, i) => keyOf(i));
  switch (sort.by) {
    case 'number':
      return each((trial) => trial);
    case 'state':
      return each((trial) => TRIAL_STATES.indexOf(columns.stateOf(trial)));
    case 'epochs':
      return each((trial) => columns.row(trial)?.epochs ?? Number.NaN);
    case 'duration': {
      const { started, ended } = columns;
      return each((trial) => ended[trial]! - started[trial]!);
    }
    case 'objective':
      return columns.values(sort.index);
    case 'parameter':
      return columns.shares(sort.index);
  }
}

/** The numbers of all trials heard of, in an order; of equal ones the earlier first, those without a value last. */
export function orderTrials(columns: StudyColumns, sort: TrialSort, descending: boolean): number[] {
  const keys = keysOf(columns, sort);
  const sign = descending ? -1 : 1;
  const trials: number[] = [];
  for (let i = 0; i < columns.count; i++) if (columns.row(i) !== undefined) trials.push(i);
  return trials.sort((a, b) => {
    const [one, other] = [keys[a]!, keys[b]!];
    const [lacksOne, lacksOther] = [Number.isNaN(one), Number.isNaN(other)];
    if (lacksOne || lacksOther) return Number(lacksOne) - Number(lacksOther) || a - b;
    return sign * (one - other) || a - b;
  });
}
