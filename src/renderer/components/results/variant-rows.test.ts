import { describe, expect, it } from 'vitest';
import type { VariantResults } from '../../../shared/schema/results.ts';
import { sampleVariants } from '../../state/testing/sample-results.ts';
import { choiceLabel, hasSpread, metricChoices, rowsExtent, variantRows } from './variant-rows.ts';

const accuracy = { split: 'test', metric: 'accuracy' } as const;

function variant(change: Partial<VariantResults>): VariantResults {
  return { ...sampleVariants(['K0'])[0]!, ...change };
}

function measured(split: 'train' | 'dev' | 'test', metric: string): VariantResults['metrics'][number] {
  return { split, metric, values: [1], mean: 1, standardDeviation: null, count: 1 };
}

describe('variants and seeds', () => {
  it('are compared by what says most first: accuracy on test', () => {
    const results = [
      variant({
        metrics: [
          measured('train', 'loss'),
          measured('dev', 'accuracy'),
          measured('test', 'digit/accuracy'),
          measured('test', 'accuracy'),
        ],
      }),
    ];
    expect(metricChoices(results).map(choiceLabel)).toEqual([
      'test accuracy',
      'dev accuracy',
      'test accuracy (digit)',
      'train loss',
    ]);
  });

  it('come with their runs, spread and what was published of them', () => {
    const published = [
      { label: 'x', variant: 'K1', split: 'test' as const, metric: 'accuracy', value: 0.7, note: '' },
      { label: 'y', variant: 'K0', split: 'test' as const, metric: 'loss', value: 1, note: '' },
    ];
    const rows = variantRows(sampleVariants(['K0', 'K1']), accuracy, published);
    expect(rows.map(({ variant, count }) => [variant, count])).toEqual([
      ['K0', 3],
      ['K1', 3],
    ]);
    expect(rows.map(({ published }) => published?.value ?? null)).toEqual([null, 0.7]);
    expect(rows[0]!.runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
  });

  it('stay listed where their runs do not measure the metric', () => {
    const [row] = variantRows([variant({ metrics: [] })], accuracy);
    expect(row).toMatchObject({ count: 0, mean: null });
    expect(row!.runs.every(({ value }) => value === null)).toBe(true);
    expect(rowsExtent([row!])).toBeNull();
  });

  it('lie within the extent of all numbers, spread and published ones among them', () => {
    const rows = variantRows(sampleVariants(['K0', 'K1']), accuracy, [
      { label: 'x', variant: 'K1', split: 'test', metric: 'accuracy', value: 0.95, note: '' },
    ]);
    const [low, high] = rowsExtent(rows)!;
    expect(low).toBeLessThan(Math.min(...rows[0]!.runs.map(({ value }) => value!)));
    expect(high).toBeGreaterThan(0.95);
  });

  it('make a comparison from two variants or two seeds on', () => {
    expect(hasSpread([variant({ runIds: ['run0000001'] })])).toBe(false);
    expect(hasSpread([variant({ runIds: ['run0000001', 'run0000002'] })])).toBe(true);
    expect(hasSpread(sampleVariants(['K0', 'K1']))).toBe(true);
  });
});
