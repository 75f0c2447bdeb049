import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countNumbers } from './number-histogram.ts';

describe('a histogram of numbers', () => {
  it('holds every finite number, and counts the others', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { maxLength: 200 }), (numbers) => {
        const values = Float32Array.from(numbers);
        const found = countNumbers(values);
        const finite = values.filter(Number.isFinite);
        expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
        expect(found.notFinite).toBe(values.length - finite.length);
        expect(found.minimum).toBeLessThan(found.maximum);
        for (const value of finite) {
          expect(value).toBeGreaterThanOrEqual(found.minimum);
          expect(value).toBeLessThanOrEqual(found.maximum);
        }
      }),
    );
  });

  it('has the mean and deviation of the numbers, far from zero too', () => {
    const values = Float32Array.of(1_000_001, 1_000_002, 1_000_003, 1_000_006, NaN);
    const found = countNumbers(values);
    expect(found.mean).toBe(1_000_003);
    expect(found.standardDeviation).toBeCloseTo(Math.sqrt(3.5), 12);
  });

  it('puts the smallest in the first bin and the largest in the last', () => {
    const { counts } = countNumbers(Float32Array.of(-1, 0, 0, 0, 1));
    expect([counts[0], counts[25], counts.at(-1)]).toEqual([1, 3, 1]);
  });

  it('gives equal numbers a bin in the middle', () => {
    const found = countNumbers(Float32Array.of(2, 2, 2));
    expect(found).toMatchObject({ minimum: 1.5, maximum: 2.5, mean: 2, standardDeviation: 0 });
    expect(found.counts[25]).toBe(3);
  });
});
