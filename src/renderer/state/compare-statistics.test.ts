import { describe, expect, it } from 'vitest';
import { spreadOf, studentQuantile } from './compare-statistics.ts';

describe("Student's 97.5 % point", () => {
  // scipy.stats.t.ppf(0.975, df)
  it.each([
    [1, 12.706204736432095],
    [4, 2.7764451051977987],
    [30, 2.0422724563012373],
    [31, 2.039513446396408],
    [40, 2.021075390306273],
    [120, 1.9799304050824413],
    [1_000, 1.9623390808264078],
  ])('with %i degrees of freedom is as SciPy has it', (degrees, expected) => {
    expect(Math.abs(studentQuantile(degrees) - expected)).toBeLessThan(1e-6);
  });
});

describe('the spread of numbers', () => {
  it('is that of the measured ones', () => {
    const spread = spreadOf([2, 4, Number.NaN, 9]);
    expect(spread.count).toBe(3);
    expect(spread.mean).toBeCloseTo(5, 12);
    // Deviations -3, -1, 4: 26 / 2 = 13.
    expect(spread.standardDeviation).toBeCloseTo(Math.sqrt(13), 12);
    expect(spread.halfInterval).toBeCloseTo((4.302652729911275 * Math.sqrt(13)) / Math.sqrt(3), 9);
  });

  it('has no deviation below two numbers and no mean of nothing', () => {
    expect(spreadOf([7])).toMatchObject({ count: 1, mean: 7, standardDeviation: NaN });
    expect(spreadOf([]).mean).toBeNaN();
  });
});
