import type { MetricSeries } from '../../shared/schema/metric.ts';

/** Whether two runs of one experiment went the same way. */
export interface LossComparison {
  /** Every loss both runs have is the same number, and there is at least one. */
  readonly equal: boolean;
  readonly compared: number;
  readonly firstDifference: {
    readonly split: string;
    readonly epoch: number;
    readonly first: number | null;
    readonly second: number | null;
  } | null;
}

/** Compares the losses of two runs exactly, split by split, over the epochs both have. */
export function compareLosses(
  first: readonly MetricSeries[],
  second: readonly MetricSeries[],
): LossComparison {
  let compared = 0;
  let firstDifference: LossComparison['firstDifference'] = null;
  for (const series of first.filter(({ metric }) => metric === 'loss')) {
    const other = second.find(({ split, metric }) => split === series.split && metric === 'loss');
    for (const [index, epoch] of series.epochs.entries()) {
      const otherIndex = other?.epochs.indexOf(epoch) ?? -1;
      if (!other || otherIndex < 0) continue;
      compared += 1;
      const pair = { first: series.values[index] ?? null, second: other.values[otherIndex] ?? null };
      const same = Object.is(pair.first, pair.second);
      const earlier = !firstDifference || epoch < firstDifference.epoch;
      if (!same && earlier) firstDifference = { split: series.split, epoch, ...pair };
    }
  }
  return { equal: compared > 0 && !firstDifference, compared, firstDifference };
}
