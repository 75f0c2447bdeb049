import type { Column } from './columns.ts';

/** Bins of a number that takes more values than that; fewer for few trials. */
const MOST_BINS = 10;

/** The group of each row: its choice, its number where there are few, or the bin of as many rows as the others'. */
function groupsOf(column: Column): Int32Array {
  if (column.kind === 'choice') return column.values;
  const { values } = column;
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const bins = Math.min(MOST_BINS, Math.max(2, Math.round(Math.sqrt(values.length))));
  const hasFewValues = new Set(values).size <= bins;
  const groups = new Int32Array(values.length);
  let [first, distinct] = [0, 0];
  order.forEach((row, rank) => {
    // Equal numbers belong together.
    if (rank > 0 && values[row] !== values[order[rank - 1]!]) [first, distinct] = [rank, distinct + 1];
    groups[row] = hasFewValues ? distinct : Math.floor((first * bins) / values.length);
  });
  return groups;
}

/**
 * The variance between the mean targets of a column's values, each counting as often as it was tried; the numbers of
 * one that takes many lie in ten bins at most, of as many rows each.
 * @param targets one for each row
 */
export function varianceBetween(column: Column, targets: Float64Array): number {
  const sums = new Map<number, { sum: number; count: number }>();
  groupsOf(column).forEach((group, row) => {
    const { sum, count } = sums.get(group) ?? { sum: 0, count: 0 };
    sums.set(group, { sum: sum + targets[row]!, count: count + 1 });
  });
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
  let variance = 0;
  for (const { sum, count } of sums.values())
    variance += (count / targets.length) * (sum / count - mean) ** 2;
  return variance;
}
