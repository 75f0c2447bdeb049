import type { SplitName } from '../../../shared/schema/dataset.ts';
import type { MetricSeries } from '../../../shared/schema/metric.ts';
import type { RunEpoch } from '../../../shared/schema/run.ts';

/** A column of the epoch table. */
export interface EpochColumn {
  readonly split: SplitName;
  readonly metric: string;
  /** Value by epoch. */
  readonly values: ReadonlyMap<number, number | null>;
}

/**
 * The table's columns, one for each split and metric. A split measured only once, at the end of many epochs, has
 * none: its number is in the header and in the curves.
 */
export function epochColumns(series: readonly MetricSeries[]): EpochColumn[] {
  const longest = Math.max(0, ...series.map(({ epochs }) => epochs.length));
  const kept = series.filter(({ epochs }) => epochs.length > 1 || longest <= 1);
  return kept.map(({ split, metric, epochs, values }) => ({
    split,
    metric,
    values: new Map(epochs.map((epoch, index) => [epoch, values[index] ?? null])),
  }));
}

/** The epochs to list, newest first, at most so many; the best one is always among them. */
export function listedEpochs(epochs: readonly RunEpoch[], most: number): RunEpoch[] {
  const newest = epochs.slice(-most).reverse();
  const best = epochs.find((epoch) => epoch.best);
  return best === undefined || newest.includes(best) ? newest : [...newest.slice(0, most - 1), best];
}
