import { describe, expect, it } from 'vitest';
import { largestRelativeDifference, median } from './statistics.ts';

describe('median', () => {
  it('is the middle value, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 1, 2, 4])).toBe(3);
    expect(median([])).toBeNaN();
  });
});

describe('largestRelativeDifference', () => {
  it('finds the worst pair and does not pass lists that do not match', () => {
    expect(largestRelativeDifference([1, 2.2, 3], [1, 2, 3])).toBeCloseTo(0.1, 12);
    expect(largestRelativeDifference([1, 2], [1])).toBe(Infinity);
    expect(largestRelativeDifference([], [])).toBe(Infinity);
  });
});
