import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '../../shared/schema/metric.ts';
import { compareLosses } from './compare-losses.ts';

function series(
  split: MetricSeries['split'],
  values: (number | null)[],
  metric: MetricSeries['metric'] = 'loss',
) {
  const epochs = values.map((_, index) => index + 1);
  return { split, metric, epochs, steps: epochs, values };
}

describe('compareLosses', () => {
  it('counts every loss both runs have, also those that were not finite', () => {
    const runs = [series('train', [1, null]), series('dev', [2, 3]), series('train', [9, 9], 'accuracy')];
    expect(compareLosses(runs, [...runs].reverse())).toEqual({
      equal: true,
      compared: 4,
      firstDifference: null,
    });
  });

  it('names the earliest difference over all splits', () => {
    const first = [series('train', [1, 2, 3]), series('dev', [4, 5, 6])];
    const second = [series('train', [1, 2, 3.5]), series('dev', [4, 5.5, 6])];
    const firstDifference = { split: 'dev', epoch: 2, first: 5, second: 5.5 };
    expect(compareLosses(first, second)).toEqual({ equal: false, compared: 6, firstDifference });
  });

  it('compares only the epochs both have, and nothing is not equal', () => {
    expect(compareLosses([series('train', [1, 2])], [series('train', [1])])).toMatchObject({
      equal: true,
      compared: 1,
    });
    expect(compareLosses([series('train', [1])], [])).toEqual({
      equal: false,
      compared: 0,
      firstDifference: null,
    });
  });
});
