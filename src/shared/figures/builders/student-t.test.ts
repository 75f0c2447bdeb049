import { describe, expect, it } from 'vitest';
import { meanInterval, studentPoint } from './student-t.ts';

describe("Student's t", () => {
  // scipy.stats.t.ppf(0.975, degrees)
  it.each([
    [1, 12.7062047],
    [4, 2.7764451],
    [30, 2.0422725],
    [31, 2.0395134],
    [60, 2.0002978],
    [500, 1.9647198],
  ])('has the 97.5 %% point of %d degrees', (degrees, point) => {
    expect(studentPoint(degrees)).toBeCloseTo(point, 3);
  });

  it('gives the interval of a mean', () => {
    const found = meanInterval([1, 2, 3, 4, 5]);
    expect(found?.mean).toBe(3);
    // 2.7764451 * sqrt(2.5 / 5)
    expect(found?.half).toBeCloseTo(1.96324, 4);
    expect(meanInterval([7])).toEqual({ mean: 7, half: null });
    expect(meanInterval([])).toBeNull();
  });
});
