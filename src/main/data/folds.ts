import { StudioError } from '../../shared/ipc/errors.ts';
import { openStream } from '../../shared/random/stream.ts';
import type { FoldSpec } from '../../shared/schema/dataset.ts';

/** Row numbers of each class in label order, each in the order of `rows`; without labels one group of all. */
export function groupByClass(rows: Int32Array, labels: Int32Array | null): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of rows) {
    const label = labels === null ? 0 : labels[row]!;
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

/**
 * Examples of a fold: n / folds, one more for the first n mod folds of them.
 * @throws StudioError `invalid-input` for more folds than examples
 */
export function foldSize({ index, folds }: FoldSpec, available: number): number {
  if (folds <= available) return Math.floor(available / folds) + (index < available % folds ? 1 : 0);
  throw new StudioError(
    'invalid-input',
    `split: ${folds} folds of ${available} examples leave some without any; take ${available} at most, which is ` +
      'leave-one-out',
    { path: 'data.split.fold' },
  );
}

/**
 * Cuts rows into folds by dealing them out like cards, class after class: sizes differ by one at most, and so do the
 * counts of each class (scikit-learn's StratifiedKFold).
 * @param rows in an order that does not depend on the fold
 * @returns `taken` the fold's own rows, `left` all others
 */
export function takeFold(
  rows: Int32Array,
  { index, folds, repeat, seed }: FoldSpec,
  labels: Int32Array | null,
): { taken: Int32Array; left: Int32Array } {
  const shuffled = openStream(seed, 'split', `folds ${repeat}`).shuffle(rows.slice());
  const dealt = Int32Array.from(groupByClass(shuffled, labels).flat());
  return {
    taken: dealt.filter((_, place) => place % folds === index),
    left: dealt.filter((_, place) => place % folds !== index),
  };
}
